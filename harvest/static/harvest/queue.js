"use strict";
// Only candidates that are alike are decided together: choosing one shuts out the others.
document.querySelectorAll("form:has(input[name=candidate])").forEach((form) => {
  const boxes = [...form.querySelectorAll("input[name=candidate]")];
  const buttons = [...form.querySelectorAll("button[name=decision]")];
  const follow = () => {
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => { box.disabled = chosen.length > 0 && box.dataset.like !== chosen[0].dataset.like; });
    buttons.forEach((button) => { button.disabled = chosen.length === 0; });
  };
  form.addEventListener("change", follow);
  follow();
});
