// Keeps the Sync card fresh while its run is active. Everything shown comes from the server; without this file the
// page reloads itself instead.
(() => {
  "use strict";
  const SHOWN_MS = 1000, HIDDEN_MS = 10000, LOST_MS = 3000;
  let timer = null, lost = false, asking = false, latest = "";

  const card = () => document.getElementById("sync");
  // After a swap the event comes from the card's parent, because the card that asked is gone: its request names it.
  const asker = (event) => event.detail.requestConfig && event.detail.requestConfig.elt.id;

  function plan() {
    clearTimeout(timer);
    if (!card() || !card().hasAttribute("data-poll")) return;
    const wait = document.hidden ? HIDDEN_MS : lost ? LOST_MS : SHOWN_MS;
    timer = setTimeout(() => {
      if (asking) return plan();
      asking = true;
      htmx.trigger(card(), "poll");
    }, wait);
  }

  function tell(isLost) {
    lost = isLost;
    const notice = document.getElementById("sync-lost");
    if (notice) notice.hidden = !isLost;
  }

  // A swap must not shut what the reader has opened, nor throw the keyboard out of the card.
  const opened = new Map();
  let hadFocus = false, before = "";
  const progress = () => `${card().dataset.run}/${card().dataset.state}/${card().dataset.done}`;
  function remember() {
    before = progress();
    document.querySelectorAll("#sync details[data-keep]").forEach((each) => opened.set(each.dataset.keep, each.open));
    hadFocus = card().contains(document.activeElement);
  }
  function restore() {
    document.querySelectorAll("#sync details[data-keep]").forEach((each) => {
      if (opened.has(each.dataset.keep)) each.open = opened.get(each.dataset.keep);
    });
    if (hadFocus && !card().contains(document.activeElement)) card().focus({ preventScroll: true });
    showNewest();
    offerCopying();
    // A step has ended, or the run has: the rest of the page reads its data again.
    if (progress() !== before) htmx.trigger(document.body, "sync-news");
  }

  function showNewest() {
    document.querySelectorAll("#sync [data-lines]").forEach((each) => { each.scrollTop = each.scrollHeight; });
  }

  // The log is replaced as a whole, so news is spoken from a region of its own, a line at a time.
  function speak() {
    const region = document.getElementById("sync-said");
    const said = card() && card().querySelector("[data-say]");
    if (!region || !said || said.textContent === latest) return;
    if (latest) {
      const line = document.createElement("p");
      line.textContent = said.textContent;
      region.append(line);
      while (region.childElementCount > 5) region.firstElementChild.remove();
    }
    latest = said.textContent;
  }

  function offerCopying() {
    if (!navigator.clipboard) return;
    document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });

  // htmx learns of a new button's address some moments after the swap; the browser knows the one that was pressed.
  document.addEventListener("htmx:configRequest", (event) => {
    const cause = event.detail.triggeringEvent;
    const pressed = cause && cause.submitter;
    if (pressed && pressed.hasAttribute("formaction")) event.detail.path = pressed.getAttribute("formaction");
    if (pressed && pressed.name) event.detail.parameters[pressed.name] = pressed.value;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "sync") return;
    // Signed out meanwhile, or the conference is no longer ours: the full page says so better.
    if (!/id="sync"/.test(event.detail.serverResponse)) {
      event.detail.shouldSwap = false;
      window.location.reload();
      return;
    }
    remember();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "sync") return;
    restore();
    speak();
    // A long card has its button at the end, and grows short when a sync begins: whoever pressed it sees it begin.
    const pressed = event.detail.requestConfig && event.detail.requestConfig.verb === "post";
    if (pressed && card().getBoundingClientRect().top < 0) card().scrollIntoView({ block: "start" });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (asker(event) === "sync") asking = false;
    if (["sync", "sync-form"].includes(asker(event))) tell(status === 0 || status >= 500);
    if (asker(event) === "sync" && (status === 403 || status === 404)) window.location.reload();
    plan();
  });
  document.addEventListener("visibilitychange", plan);
  document.addEventListener("DOMContentLoaded", () => { showNewest(); offerCopying(); speak(); plan(); });
})();
