/**
 * What is wrong with how a page looks. It runs in the browser, and therefore refers to nothing outside of it.
 *
 * @param width in CSS pixels, of the screen or the paper
 * @param leastContrast by which letters differ from what is behind them: WCAG 2.2 AA, 1.4.3, asks 4.5 of small ones
 */
// biome-ignore lint/correctness/noUnusedVariables: page.test.ts has the browser call it
function faultsSeen(width, leastContrast) {
  const rgb = (color) => {
    const [r = 0, g = 0, b = 0, a = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return color === "none" ? [0, 0, 0, 0] : [r, g, b, a];
  };
  const luminance = ([r, g, b]) => {
    const [red = 0, green = 0, blue = 0] = [r, g, b].map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a, b) => {
    const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  /** The box that a group of the picture has: of a node, or of a region. */
  const boxOf = (group) => (group === null ? null : group.querySelector(":scope > polygon, :scope > path"));
  /** What is behind an element: the first color that is one, up to the page's. */
  const behind = (element) => {
    if (element instanceof SVGTextElement) {
      const own = boxOf(element.closest(".node, .cluster"));
      const boxes = own ? [own] : [...document.querySelectorAll(".cluster > polygon")];
      const fills = boxes.map((box) => rgb(getComputedStyle(box).fill));
      return own ? fills : [...fills, ...behind(element.ownerSVGElement?.parentElement ?? document.body)];
    }
    const background = rgb(getComputedStyle(element).backgroundColor);
    return background[3] > 0
      ? [background]
      : element.parentElement === null
        ? [[255, 255, 255, 1]]
        : behind(element.parentElement);
  };
  const faults = [];
  const all = [...document.querySelectorAll("body *")];
  const written = all.filter((each) =>
    [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== ""),
  );
  for (const element of written.filter((each) => !each.matches("title, style"))) {
    const isSvg = element instanceof SVGTextElement;
    const color = rgb(getComputedStyle(element)[isSvg ? "fill" : "color"]);
    const least = Math.min(...behind(element).map((each) => contrast(color, each)));
    if (least < leastContrast) {
      faults.push(`contrast ${least.toFixed(2)}: ${element.textContent}`);
    }
    if (isSvg) {
      const box = boxOf(element.closest(".node"))?.getBBox();
      const own = element.getBBox();
      if (box !== undefined && (own.x < box.x || own.x + own.width > box.x + box.width)) {
        faults.push(`leaves its box: ${element.textContent}`);
      }
    }
  }
  if (document.documentElement.scrollWidth > width) {
    faults.push(`the page is ${document.documentElement.scrollWidth} px wide on ${width}`);
  }
  for (const element of all) {
    const scrolls = [...document.querySelectorAll(".scroll")].some(
      (each) => each !== element && each.contains(element) && getComputedStyle(each).overflowX !== "visible",
    );
    const { left, right } = element.getBoundingClientRect();
    if (!scrolls && (left < -1 || right > width + 1)) {
      faults.push(`cut off: ${element.tagName} ${element.textContent?.slice(0, 40)}`);
    }
  }
  for (const svg of document.querySelectorAll("svg")) {
    const title = document.getElementById(svg.getAttribute("aria-labelledby") ?? "")?.textContent ?? "";
    const letters = (svg.querySelector("text")?.getBoundingClientRect().height ?? 0) / 1.2;
    if (svg.getAttribute("role") !== "img" || title.length < 40) {
      faults.push("a picture says nothing in words");
    }
    if (!matchMedia("print").matches && letters < 9) {
      faults.push(`letters of ${letters.toFixed(1)} px`);
    }
  }
  return faults;
}
