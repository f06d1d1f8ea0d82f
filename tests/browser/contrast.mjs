// SPDX-License-Identifier: Apache-2.0
// Contrast ratio of two opaque CSS colours as computed styles give them: "rgb(1, 2, 3)" (WCAG 2.2, relative luminance).

function luminance(colour) {
  const channels = colour.match(/[\d.]+/g).slice(0, 3).map((c) => {
    const share = Number(c) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
}

export function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}
