// Sends a table to TOPCAT, Aladin or Aspro2 by SAMP's Web profile. The plain download beside it does without.

const HUB = "http://localhost:21012/";
const KEY = "samp.private-key";

function xmlOf(value) {
  if (typeof value === "string") {
    const text = document.createElement("i");
    text.textContent = value;
    return `<value><string>${text.innerHTML}</string></value>`;
  }
  const members = Object.entries(value).map(([name, member]) => `<member><name>${name}</name>${xmlOf(member)}</member>`);
  return `<value><struct>${members.join("")}</struct></value>`;
}

// One call of XML-RPC; resolves to the answer's document.
async function call(method, ...values) {
  const parameters = values.map((value) => `<param>${xmlOf(value)}</param>`).join("");
  const body = `<?xml version="1.0"?><methodCall><methodName>samp.webhub.${method}</methodName><params>${parameters}</params></methodCall>`;
  const headers = { "Content-Type": "text/xml" };
  const response = await fetch(HUB, { method: "POST", headers, body, keepalive: true }); // also when the page is left
  const answer = new DOMParser().parseFromString(await response.text(), "text/xml");
  const fault = answer.querySelector("fault");
  if (fault) throw new Error(fault.textContent.trim());
  return answer;
}

function privateKey(answer) {
  for (const member of answer.querySelectorAll("member")) {
    if (member.querySelector("name").textContent === KEY) return member.querySelector("value").textContent.trim();
  }
  throw new Error("the hub gave no key");
}

// Registered once for the page: a hub passes a message on after it has answered, and drops those of a sender
// that has left; and it asks for consent but once.
let key = null;

async function register() {
  key = privateKey(await call("register", { "samp.name": "OLBIN Publications" }));
  await call("declareMetadata", key, { "samp.name": "OLBIN Publications", "samp.icon.url": new URL("/favicon.ico", location).href });
}

// The names of those who got it are not told by the hub, only their number.
async function send(table) {
  const before = key;
  try {
    if (!key) await register();
    const answer = await call("notifyAll", key, { "samp.mtype": "table.load.votable", "samp.params": table });
    return answer.querySelectorAll("array value").length;
  } catch (error) {
    key = null;
    if (before) return send(table); // that hub was closed since; perhaps there is another one
    throw error;
  }
}

addEventListener("pagehide", () => {
  if (key) call("unregister", key).catch(() => {});
  key = null;
});

for (const button of document.querySelectorAll("button[data-samp]")) {
  const status = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    const url = new URL(button.dataset.samp, location).href;
    status.textContent = "Asking the SAMP hub; it may want your consent …";
    try {
      const receivers = await send({ url, name: button.dataset.name, "table-id": url });
      status.textContent = receivers
        ? `Sent to ${receivers} program${receivers === 1 ? "" : "s"}.`
        : "No program there takes tables; start TOPCAT or Aladin, or download the file.";
    } catch (error) {
      status.textContent = "No SAMP hub was reached, or it refused. Start TOPCAT or Aladin, or download the file.";
    }
  });
}
