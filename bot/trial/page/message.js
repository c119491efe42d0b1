// One message as elements. Text goes into text nodes only; formatting comes from Telegram's entities.

import { person, zone } from "./telegram.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span", text_link: "a",
};
const LIVE = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]|(?<![^\s(])\/[a-z0-9_]{1,32}(?![\w/]))/;

export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

export function icon(name, className = "icon") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function formatDate(date, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone() }).format(date);
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(date);
  }
}

export const timeOf = (date) => formatDate(date, { hour: "2-digit", minute: "2-digit" });

export function summary(message) {
  const kinds = { photo: "Photo", document: "File", location: "Location", sticker: "Sticker", voice: "Voice message" };
  return message.text || kinds[message.kind] || "Message";
}

// `does` has what a click on a part of the message leads to.
export function messageElement(message, does) {
  const element = make("article", `message ${message.from_bot ? "in" : "out"} ${CLASSES[message.kind] || ""}`);
  element.dataset.id = message.id;
  const stack = make("div", "stack");
  const bubble = make("div", "bubble");
  const who = make("span", "sr", message.from_bot ? "Coach: " : "You: ");
  bubble.append(who);
  if (message.reply_to) bubble.append(quoted(message.reply_to, does));
  bubble.append(...content(message, does), stamp(message));
  if (message.kind === "photo" && !message.text) bubble.classList.add("bare");
  bubble.addEventListener("click", () => does.pick(element));
  stack.append(bubble);
  if (message.rows.length) {
    element.classList.add("has-rows");
    stack.append(rows(message, does));
  }
  element.append(stack, acts(message, does));
  return element;
}

const CLASSES = { photo: "photo", sticker: "sticker-message" };

function content(message, does) {
  const words = message.text ? [wordsOf(message, does)] : [];
  if (message.kind === "photo") return [picture(message, does), ...words];
  if (message.kind === "sticker") return [sticker()];
  if (message.kind === "document") {
    const link = attached("file", message.file.name, size(message.file.size), "a");
    link.href = `/trial/file/${message.file.id}`;
    link.download = message.file.name;
    link.classList.toggle("with-words", words.length > 0);
    return [link, ...words];
  }
  if (message.kind === "location") {
    const [latitude, longitude] = message.location;
    return [attached("pin", "Location", `${latitude.toFixed(3)}, ${longitude.toFixed(3)}`)];
  }
  if (message.kind === "voice") return [attached("mic", "Voice message", "0:03")];
  return words;
}

function wordsOf(message, does) {
  const words = make("div", "words");
  const stampWidth = 38 + (message.edited ? 40 : 0) + (message.from_bot ? 0 : 20);
  words.style.setProperty("--stamp", `${stampWidth}px`);
  fill(words, message.text, 0, message.text.length, [...message.entities], does);
  return words;
}

// Entities are sorted and nest; offsets are UTF-16 units, as in JavaScript's strings.
function fill(parent, text, from, to, entities, does) {
  let at = from;
  while (entities.length) {
    const entity = entities.shift();
    const end = Math.min(to, entity.offset + entity.length);
    if (entity.offset < at || !TAGS[entity.type]) continue;
    appendText(parent, text.slice(at, entity.offset), does, isBlock(entity));
    const inner = [];
    while (entities.length && entities[0].offset < end) inner.push(entities.shift());
    const element = entityElement(entity);
    fill(element, text, entity.offset, end, inner, does);
    parent.append(element);
    at = end;
  }
  appendText(parent, text.slice(at, to), does);
}

const isBlock = (entity) => ["pre", "blockquote", "expandable_blockquote"].includes(entity.type);

function appendText(parent, text, does, beforeBlock = false) {
  if (beforeBlock) text = text.replace(/\n$/, "");
  if (["PRE", "BLOCKQUOTE"].includes(parent.lastChild?.nodeName)) text = text.replace(/^\n/, "");
  if (parent.closest?.("a, code, pre")) {
    parent.append(text);
    return;
  }
  text.split(LIVE).forEach((piece, index) => {
    if (!piece) return;
    if (index % 2 === 0) parent.append(piece);
    else if (piece.startsWith("/")) parent.append(command(piece, does));
    else parent.append(link(piece, piece));
  });
}

function command(text, does) {
  const element = make("a", "command", text); // a button element would break the line before a full stop
  element.href = "#";
  element.setAttribute("role", "button");
  element.addEventListener("click", (event) => {
    event.preventDefault();
    does.say(text);
  });
  return element;
}

function link(url, text = "") {
  const element = make("a", "", text);
  if (/^(https?|tg|mailto):/i.test(url)) element.href = url;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
  return element;
}

function entityElement(entity) {
  if (entity.type === "text_link") return link(entity.url);
  const element = make(TAGS[entity.type]);
  if (entity.type === "spoiler" || entity.type === "expandable_blockquote") {
    element.className = entity.type === "spoiler" ? "spoiler" : "expandable";
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.setAttribute("aria-expanded", "false");
    const toggle = () => element.setAttribute("aria-expanded", element.classList.toggle("open"));
    element.addEventListener("click", toggle);
    element.addEventListener("keydown", (event) => event.key === "Enter" && toggle());
  }
  return element;
}

function picture(message, does) {
  const button = make("button", "picture");
  button.type = "button";
  button.setAttribute("aria-label", "Enlarge the picture");
  const image = make("img");
  image.src = `/trial/file/${message.file.id}`;
  image.alt = message.text || "Picture";
  if (message.file.width) {
    image.width = message.file.width;
    image.height = message.file.height;
  }
  button.append(image);
  button.classList.toggle("covered", message.covered);
  button.addEventListener("click", () => {
    if (button.classList.contains("covered")) button.classList.remove("covered");
    else does.enlarge(image);
  });
  return button;
}

function sticker() {
  const element = make("div", "sticker");
  element.append(make("span", "sr", "Sticker: a smile"), icon("sticker"));
  return element;
}

function attached(iconName, title, detail, tag = "div") {
  const element = make(tag, "attached");
  const disc = make("span", "disc");
  disc.append(icon(iconName));
  const words = make("span");
  words.append(make("b", "", title), make("small", "", detail));
  element.append(disc, words);
  return element;
}

function quoted(id, does) {
  const message = person().messages.get(id);
  const button = make("button", "quoted");
  button.type = "button";
  button.append(
    make("b", "", !message ? "Deleted message" : message.from_bot ? does.botName() : person().name),
    make("span", "", message ? summary(message) : ""),
  );
  button.addEventListener("click", () => does.show(id));
  return button;
}

function stamp(message) {
  const element = make("span", "stamp");
  const time = make("time", "", timeOf(new Date(message.date)));
  time.dateTime = message.date;
  if (message.edited) element.append("edited ");
  element.append(time);
  if (!message.from_bot) element.append(icon("ticks", ""));
  return element;
}

function rows(message, does) {
  const keyboard = make("div", "rows");
  for (const row of message.rows) {
    const line = make("div");
    for (const told of row) line.append(key(message, told, does));
    keyboard.append(line);
  }
  return keyboard;
}

function key(message, told, does) {
  if (told.url) {
    const element = link(told.url, told.text);
    element.className = "key";
    element.append(icon("link"));
    return element;
  }
  const button = make("button", "key", told.text);
  button.type = "button";
  if (told.callback_data) button.addEventListener("click", () => does.tap(message, told.callback_data, button));
  else if (told.copy_text) button.addEventListener("click", () => does.copy(told.copy_text.text));
  return button;
}

function acts(message, does) {
  const element = make("div", "acts");
  const add = (name, label, act) => {
    const button = make("button", "act");
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.append(icon(name));
    button.addEventListener("click", () => act(message));
    element.append(button);
  };
  add("reply", "Reply to this message", does.reply);
  if (!message.from_bot && message.kind === "text") add("pen", "Edit this message", does.edit);
  return element;
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
