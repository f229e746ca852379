"use strict";

// Light or dark as chosen in the admin; before anything is painted. Without a choice the system's own.
try {
  const mood = JSON.parse(localStorage.getItem("adminTheme") || "null");
  if (mood === "dark" || mood === "light") document.documentElement.classList.add(mood);
} catch {
  // What is no choice of ours is none.
}
