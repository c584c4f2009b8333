// The invisible components must not leave a gap in the page's column of elements.

export function hideElement(parentElement) {
  const host = parentElement.host ?? parentElement;
  const container = host.closest('[data-testid="stElementContainer"]');
  if (container) container.style.display = "none";
}
