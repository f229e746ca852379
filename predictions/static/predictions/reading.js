"use strict";

// The reading page: going from one marked sentence to the next, and posing a prediction of what is selected or marked.
// Places are counted in code points of the text, as the server counts them; a browser counts in units of UTF-16.
(() => {
  const page = document.querySelector(".reading");
  const text = page.querySelector(".text");
  const bar = document.querySelector(".bar");
  const panel = document.querySelector(".panel");
  if (!bar) return;
  const where = bar.querySelector(".bar-where");
  const claims = [...new Set([...text.querySelectorAll("[data-claim]")].map((mark) => mark.dataset.claim))];
  let current = -1;
  let asked = 0;

  // --- marked sentences ------------------------------------------------------------------------------------------

  const marksOf = (claim) => [...text.querySelectorAll(`[data-claim="${claim}"]`)];

  const tell = (words) => (where.textContent = words);

  const goTo = (index) => {
    if (!claims.length) return tell("No sentence is marked");
    current = (index + claims.length) % claims.length;
    text.querySelectorAll(".current").forEach((mark) => mark.classList.remove("current"));
    const marks = marksOf(claims[current]);
    marks.forEach((mark) => mark.classList.add("current"));
    marks[0].scrollIntoView({ block: "center" });
    marks[0].focus({ preventScroll: true });
    tell(`Sentence ${current + 1} of ${claims.length}`);
  };

  const on = () => goTo(current + 1);
  const back = () => goTo(current < 0 ? claims.length - 1 : current - 1);

  // --- places ----------------------------------------------------------------------------------------------------

  const lengthOf = (words) => [...words].length;

  const upTo = (paragraph, node, offset) => {
    const range = document.createRange();
    range.setStart(paragraph, 0);
    range.setEnd(node, offset);
    return Number(paragraph.dataset.start) + lengthOf(range.toString());
  };

  const placeOf = (range) => {
    const touched = [...text.querySelectorAll("p[data-start]")].filter((each) => range.intersectsNode(each));
    if (!touched.length) return null;
    const [first, last] = [touched[0], touched.at(-1)];
    const start = first.contains(range.startContainer)
      ? upTo(first, range.startContainer, range.startOffset)
      : Number(first.dataset.start);
    const end = last.contains(range.endContainer)
      ? upTo(last, range.endContainer, range.endOffset)
      : upTo(last, last, last.childNodes.length);
    return start < end ? { start, end, range } : null;
  };

  const selected = () => {
    const selection = document.getSelection();
    const hasWords = selection.rangeCount && !selection.isCollapsed && selection.toString().trim();
    return hasWords ? placeOf(selection.getRangeAt(0)) : null;
  };

  const marked = () => {
    if (current < 0) return null;
    const marks = marksOf(claims[current]);
    const range = document.createRange();
    range.setStartBefore(marks[0]);
    range.setEndAfter(marks.at(-1));
    return placeOf(range);
  };

  // --- the panel -------------------------------------------------------------------------------------------------

  const body = panel?.querySelector(".panel-body");
  const form = () => body.querySelector("form");

  const light = (range) => {
    if (!window.Highlight) return;
    if (range) CSS.highlights.set("passage", new Highlight(range));
    else CSS.highlights.delete("passage");
  };

  const open = () => {
    if (panel.open) return;
    // Where there is room beside it, the text stays within reach.
    if (matchMedia("(min-width: 60rem)").matches) panel.show();
    else panel.showModal();
    document.body.classList.add("has-panel");
  };

  const close = () => {
    panel.close();
    light(null);
    if (form()?.dataset.touched) tell("What you entered stays: p opens it again");
  };
  panel?.addEventListener("close", () => document.body.classList.remove("has-panel"));

  const fill = (html) => {
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("form.pose");
    if (!found) return false;
    const shut = document.createElement("button");
    Object.assign(shut, { type: "button", className: "shut", textContent: "Close" });
    shut.addEventListener("click", close);
    found.prepend(shut);
    body.replaceChildren(found);
    document.dispatchEvent(new CustomEvent("posing"));
    return true;
  };

  const focusFirst = () => {
    const wrong = form().querySelector(".has-fault :is(input, textarea, select)") || form().querySelector(".faults");
    wrong.focus();
  };

  const pose = async () => {
    const place = selected() || marked();
    const kept = form();
    if (kept?.dataset.touched) {
      const isSame = !place || (kept.dataset.start === String(place.start) && kept.dataset.end === String(place.end));
      if (isSame) return open();
      if (!window.confirm("You have begun another prediction. Leave what you entered?")) return open();
    }
    if (!place) return tell("Select words, or choose a sentence with j");
    const turn = ++asked;
    const query = new URLSearchParams({ text: page.dataset.text, start: place.start, end: place.end });
    const answer = await fetch(`${page.dataset.pose}?${query}`).catch(() => null);
    if (turn !== asked) return;
    if (!answer?.ok || answer.redirected || !fill(await answer.text())) return tell("This could not be opened. Try again.");
    Object.assign(form().dataset, { start: place.start, end: place.end });
    light(place.range);
    document.getSelection().removeAllRanges();
    open();
    panel.scrollTop = 0;
    form().querySelector("h1").focus({ preventScroll: true });
    // The text has moved aside.
    place.range.startContainer.parentElement.scrollIntoView({ block: "center" });
  };

  const say = (words) => {
    const told = form().querySelector(".sending") || document.createElement("p");
    Object.assign(told, { className: "sending", textContent: words });
    told.setAttribute("role", "alert");
    form().querySelector(".save").append(told);
  };

  const save = async (event) => {
    event.preventDefault();
    const sent = form();
    const button = sent.querySelector("[type=submit]");
    button.disabled = true;
    const headers = { Accept: "application/json" };
    const answer = await fetch(sent.action, { method: "POST", body: new FormData(sent), headers }).catch(() => null);
    button.disabled = false;
    if (answer?.status === 201) {
      delete sent.dataset.touched;
      const { location: saved } = await answer.json();
      window.location.assign(saved);
      // The same page with another fragment alone would not be asked for again.
      if (new URL(saved, window.location).search === window.location.search) window.location.reload();
      return;
    }
    const { start, end } = sent.dataset;
    if (answer?.status !== 200 || !fill(await answer.text())) return say("This could not be saved. What you entered is still here: sign in in another window, or try again.");
    Object.assign(form().dataset, { start, end, touched: "yes" });
    focusFirst();
  };

  // --- what people do --------------------------------------------------------------------------------------------

  const deeds = { on, back, pose };
  const keys = { j: on, k: back, p: pose };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel?.open) return close();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const deed = keys[event.key];
    if (!deed || (deed === pose && !panel)) return;
    event.preventDefault();
    deed();
  });

  // A tap on a button must not take the selection away before the button is heard.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("click", ({ target }) => deeds[target.closest("[data-do]")?.dataset.do]?.());

  page.addEventListener("click", (event) => {
    const claim = event.target.closest("[data-claim], [data-pose-claim]");
    if (!claim || !document.getSelection().isCollapsed) return;
    if (claim.matches("a")) event.preventDefault();
    goTo(claims.indexOf(claim.dataset.claim || claim.dataset.poseClaim));
    if (claim.dataset.poseClaim) pose();
  });

  document.addEventListener("selectionchange", () => {
    const place = selected();
    if (place && panel) tell(`${place.end - place.start} characters selected`);
  });

  body?.addEventListener("submit", save);
  body?.addEventListener("click", (event) => {
    if (!event.target.closest(".cancel")) return;
    event.preventDefault();
    close();
  });

  window.addEventListener("beforeunload", (event) => {
    if (body && form()?.dataset.touched) event.preventDefault();
  });

  bar.hidden = false;
  // Where the list stands above the text it would keep it from sight.
  if (matchMedia("(max-width: 59.99rem)").matches) page.querySelector(".claims").open = false;
  if (claims.length) tell(`${claims.length} marked`);
})();
