// Numbers as they stand on screen: at most three figures, a Dice with two decimals.

export function formatVolume(ml) {
  if (ml === null || ml === undefined) return "";
  return `${threeFigures(ml)} ml`;
}

export function formatSeconds(seconds) {
  if (seconds === null || seconds === undefined) return "";
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

// The leading zero goes: three of these share a line under a narrow panel.
export function formatDice(dice) {
  if (dice === null || dice === undefined) return "–";
  return dice.toFixed(2).replace(/^0/, "");
}

function threeFigures(value) {
  if (value === 0) return "0";
  if (value < 0.01) return "<0.01";
  if (value >= 99.95) return String(Math.round(value));
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
