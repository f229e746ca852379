"use strict";

// Tells, beneath the field, what the words typed are taken to mean. The form works without it.
document.addEventListener("DOMContentLoaded", () => {
  const shown = document.getElementById("reading");
  if (!shown) return;
  const field = (name) => document.getElementById(`id_${name}`);
  const [words, scale, basis, kind] = ["words", "scale", "basis", "kind"].map(field);
  let asked = 0;
  let pause;

  const keep = document.getElementById("reading-keep");
  const show = ({ reading = "", fault = "", leaves_open = false }) => {
    shown.textContent = reading || fault;
    keep.hidden = !leaves_open;
    if (!leaves_open) keep.querySelector("input").checked = false;
    shown.classList.toggle("reading-fault", Boolean(fault));
  };

  const ask = async () => {
    const turn = ++asked;
    if (!words.value.trim() || basis.value === "implied" || kind.value !== "probability") return show({});
    const query = new URLSearchParams({ words: words.value, scale: scale.value });
    const answer = await fetch(`${shown.dataset.url}?${query}`);
    if (turn === asked && answer.ok && !answer.redirected) show(await answer.json());
  };

  words.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, 200);
  });
  for (const choice of [scale, basis, kind]) choice.addEventListener("change", ask);
});
