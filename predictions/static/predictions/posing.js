"use strict";

// The form in which a prediction is posed: tells what the words typed are taken to mean, and asks about a new name only
// where it is new. The form works without it.
(() => {
  const form = (target) => target.closest?.("form.pose");
  const field = (pose, name) => pose.querySelector(`#pose-${name}`);
  let asked = 0;
  let pause;

  const show = (pose, { reading = "", fault = "" }) => {
    const shown = field(pose, "taken");
    shown.textContent = reading || fault;
    shown.classList.toggle("is-fault", Boolean(fault));
  };

  const ask = async (pose) => {
    const turn = ++asked;
    const words = field(pose, "words").value;
    const isRead = field(pose, "basis").value !== "implied" && field(pose, "kind").value === "probability";
    if (!words.trim() || !isRead) return show(pose, {});
    const query = new URLSearchParams({ words, scale: field(pose, "scale").value });
    const answer = await fetch(`${pose.dataset.reading}?${query}`).catch(() => null);
    if (turn === asked && answer?.ok && !answer.redirected) show(pose, await answer.json());
  };

  const askOfName = (pose) => {
    const name = field(pose, "forecaster").value.trim().toLowerCase();
    const known = [...pose.querySelectorAll("#pose-names option")].some((each) => each.value.toLowerCase() === name);
    pose.querySelector(".new-name").hidden = known || !name;
  };

  const begin = () => document.querySelectorAll("form.pose").forEach(askOfName);
  document.addEventListener("posing", begin);
  document.addEventListener("DOMContentLoaded", begin);
  document.addEventListener("input", ({ target }) => {
    const pose = form(target);
    if (!pose) return;
    pose.dataset.touched = "yes";
    if (target.name === "forecaster") askOfName(pose);
    if (!["words", "scale", "basis", "kind"].includes(target.name)) return;
    clearTimeout(pause);
    pause = setTimeout(() => ask(pose), 200);
  });
})();
