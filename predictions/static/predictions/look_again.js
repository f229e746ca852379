// A page that tells how far something has come looks again by itself; while nobody sees it, it waits.
setInterval(() => {
  if (!document.hidden) location.reload();
}, 2000);
