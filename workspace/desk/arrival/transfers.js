// What was chosen and never reached the server: Streamlit takes such a file off the page with the
// next drop, and says nothing. Here it stays, named, until it is sent again or left out.

// By drop zone; the last one mounted is the one on the page.
const zones = (window.gliolensTransfers ??= { byKey: new Map(), here: null });

export default function transfers({ data, parentElement, setStateValue }) {
  listen();
  const zone = zones.byKey.get(data.key) ?? remembered(data);
  zones.byKey.set(data.key, zone);
  zones.here = zone;
  zone.round = data.round;
  for (const [name, { round }] of zone.chosen) {
    if (round < data.since || data.arrived.includes(name)) zone.chosen.delete(name);
  }
  const root = parentElement.querySelector(".transfers") ?? made("div", "transfers");
  parentElement.append(root);
  const report = () => {
    const missing = missingFiles(zone);
    draw(root, zone, missing, data, report);
    const names = missing.map(({ name }) => name);
    if (JSON.stringify(names) !== JSON.stringify(data.missing)) setStateValue("missing", names);
  };
  report();
}

// After the page was loaded anew: the server knows the names, and the browser has the files no more.
function remembered({ missing, since }) {
  return { chosen: new Map(missing.map((name) => [name, { file: { name }, round: since }])) };
}

// Of an earlier round than the one that is shown: its transfers are all over.
function missingFiles({ chosen, round: now }) {
  return [...chosen.values()].filter(({ round }) => round < now).map(({ file }) => file);
}

function listen() {
  if (zones.listening) return;
  zones.listening = true;
  const whenChosen = ({ target }) => target.files && keep(target, target.files);
  const whenDropped = ({ target, dataTransfer }) => keep(target, filesOf(dataTransfer));
  document.addEventListener("change", whenChosen, true);
  document.addEventListener("drop", whenDropped, true);
}

// A folder is no file; what is in it is not followed.
function filesOf(dataTransfer) {
  const items = [...(dataTransfer?.items ?? [])].filter((item) => item.webkitGetAsEntry?.()?.isFile);
  return items.map((item) => item.getAsFile()).filter(Boolean);
}

function keep(target, files) {
  if (!target.closest?.('[data-testid="stFileUploader"]')) return;
  const { chosen, round } = zones.here;
  for (const file of files) {
    const former = chosen.get(file.name);
    // Sent again, it is missing until it has arrived.
    if (!(former?.round < round && isSame(file, former.file))) chosen.set(file.name, { file, round });
  }
}

function isSame(file, other) {
  return file.size === other.size && file.lastModified === other.lastModified;
}

function draw(root, zone, missing, { words, most }, report) {
  root.replaceChildren(
    ...missing.map((file) => {
      const [tooLarge, gone] = [file.size > most, !(file instanceof File)];
      const why = tooLarge ? words.large : gone ? words.gone : words.lost;
      const line = made("p", "line", `${file.name} ${why}`);
      const again = button(words.again, () => send(file));
      const out = button(words.out, () => {
        zone.chosen.delete(file.name);
        report();
      });
      const box = made("div", "box");
      box.append(line, ...(tooLarge || gone ? [] : [again]), out);
      return box;
    }),
  );
}

// As if it were chosen once more.
function send(file) {
  const input = document.querySelector('[data-testid="stFileUploaderDropzoneInput"]');
  if (!input) return;
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function button(words, act) {
  const one = made("button", "", words);
  one.type = "button";
  one.onclick = act;
  return one;
}

function made(kind, look, words = "") {
  const one = document.createElement(kind);
  one.className = look;
  one.textContent = words;
  return one;
}
