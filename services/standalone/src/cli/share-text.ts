const smallest = 0.001;

/** A share of 0 to 1 in per cent. What is not nothing is never shown as nothing, what is not all never as all. */
export function shareText(share: number): string {
  if (share > 0 && share < smallest) return `<${inPercent(smallest)}`;
  if (share < 1 && share > 1 - smallest) return `>${inPercent(1 - smallest)}`;
  return inPercent(share);
}

function inPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
