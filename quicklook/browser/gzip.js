// A gzip file of several members, or with zeros behind the last, as some writers leave it and every
// other program reads it. A DecompressionStream takes exactly one member.

const MEMBER_START = [0x1f, 0x8b, 8];
const KNOWN_FLAGS = 0x1f;
const OWN_ZEROS = 16; // of the last member and of its trailer, which may end in them

// What the members hold one after the other, as chunks; null where these bytes are no such file, or
// hold more than that many bytes. Zeros may stand between them, too.
export async function unpackMembers(bytes, most) {
  const places = [...memberStarts(bytes).slice(1), bytes.length];
  const ends = places.flatMap((at) => endsBefore(bytes, at));
  const chunks = [];
  let [start, left] = [0, most];
  while (start < bytes.length) {
    const found = await firstMember(bytes, start, ends, left);
    if (!found) return null;
    chunks.push(...found.chunks);
    left -= found.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    start = afterZeros(bytes, found.end);
  }
  return chunks;
}

// The three bytes may stand in what is packed too: where that is so, the next is tried.
async function firstMember(bytes, start, ends, most) {
  for (const end of ends) {
    if (end <= start) continue;
    const chunks = await unpackOne(bytes.subarray(start, end), most);
    if (chunks) return { chunks, end };
  }
  return null;
}

async function unpackOne(bytes, most) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const chunks = [];
  let count = 0;
  try {
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return chunks;
      chunks.push(value);
      count += value.length;
      if (count > most) {
        reader.cancel().catch(() => {});
        return null;
      }
    }
  } catch {
    return null;
  }
}

function memberStarts(bytes) {
  const starts = [];
  for (let at = bytes.indexOf(MEMBER_START[0]); at >= 0; at = bytes.indexOf(MEMBER_START[0], at + 1)) {
    const begins = MEMBER_START.every((value, i) => bytes[at + i] === value);
    if (begins && bytes[at + 3] <= KNOWN_FLAGS) starts.push(at);
  }
  return starts;
}

// Where a member may end that is followed by another, or by nothing: there, as nearly all do, or
// among the zeros before.
function endsBefore(bytes, at) {
  let end = at;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const zeros = Math.min(at - end, OWN_ZEROS);
  const inside = Array.from({ length: zeros + 1 }, (_, count) => end + count);
  return inside.at(-1) === at ? [at, ...inside.slice(0, -1)] : inside;
}

function afterZeros(bytes, start) {
  let at = start;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at;
}
