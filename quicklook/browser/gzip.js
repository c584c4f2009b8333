// A gzip file of several members, or with zeros behind the last, as some writers leave it and every
// other program reads it. A DecompressionStream takes exactly one member.

const MEMBER_START = [0x1f, 0x8b, 8];
const KNOWN_FLAGS = 0x1f;
const OWN_ZEROS = 16; // of the last member and of its trailer, which may end in them

// What the members hold one after the other, as chunks; null where these bytes are no such file, or
// hold more than that many bytes.
export async function unpackMembers(bytes, most) {
  const ends = [...memberStarts(bytes).slice(1), ...lastEnds(bytes)];
  const chunks = [];
  let [start, last] = [0, Math.max(...ends)];
  while (start < last) {
    const found = await firstMember(bytes, start, ends, most);
    if (!found) return null;
    chunks.push(...found.chunks);
    start = isEmptyFrom(bytes, found.end) ? last : found.end;
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

function lastEnds(bytes) {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const zeros = Math.min(bytes.length - end, OWN_ZEROS);
  return Array.from({ length: zeros + 1 }, (_, count) => end + count);
}

function isEmptyFrom(bytes, start) {
  for (let at = start; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}
