"use strict";

// Joins the one form on a page that asks for a passkey to allauth's scripts, and says in words what went wrong.
(() => {
  const form = document.querySelector("[data-passkey]");
  const trouble = document.getElementById("passkey-trouble");
  const button = document.getElementById("passkey-button");
  const kind = form.dataset.passkey;
  const refuse = (words) => {
    trouble.textContent = words;
    trouble.hidden = false;
  };
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    if (kind !== "login") refuse("This browser knows no passkeys at this address. They need https, or localhost.");
    return;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const known = event.detail.exception && event.detail.exception.name === "InvalidStateError";
    refuse(known ? "This machine holds a passkey of yours already." : "No passkey was used. Try again.");
  });
  const ids = { credential: "passkey-credential", [kind]: "passkey-button", passwordless: "id_passwordless" };
  if (kind !== "login") ids.data = "passkey-data";
  allauth.webauthn.forms[`${kind}Form`]({ ids });
})();
