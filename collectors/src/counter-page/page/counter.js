/* global document, window, location */
/** Shows what the counter's clerk does now: asks the server once a second and draws the answer. */
const byId = (id) => document.getElementById(id);

function setText(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

function setField(id, value, typing) {
  const field = byId(id);
  const shown = typing ? `${value}▏` : value;
  if (field.value !== shown) field.value = shown;
  field.classList.toggle('typing', typing);
}

function item(tag, className, ...texts) {
  const element = document.createElement(tag);
  element.className = className;
  for (const text of texts) {
    const part = document.createElement('span');
    part.textContent = text;
    element.append(part);
  }
  return element;
}

function drawCase(view) {
  const shown = view.case;
  setText('matter', shown.matter);
  setText('officer', shown.officer);
  setText('limit', shown.limit);
  setText('stage', shown.stages.find((stage) => stage.state === 'current')?.name ?? '流转中');
  setText('result', shown.result ?? '');
  setField('applicant', shown.applicant, shown.typing === 'applicant');
  setField('idNumber', shown.idNumber, shown.typing === 'idNumber');
  setField('opinion', shown.opinion, shown.typing === 'opinion');
  byId('papers').replaceChildren(
    ...shown.papers.map((paper) =>
      item('span', `paper${paper.checked ? ' checked' : ''}${paper.open ? ' open' : ''}`, paper.name),
    ),
  );
  byId('stages').replaceChildren(...shown.stages.map((stage) => item('li', stage.state, stage.name)));
  byId('in-hand').replaceChildren(
    ...view.inHand.map((held) => item('li', '', `${held.caseNo} ${held.matter}`, held.stage)),
  );
  for (const button of document.querySelectorAll('button')) {
    button.classList.toggle('next', button.dataset.button === shown.button);
  }
}

function draw(view) {
  setText('place', `${view.hall} ${view.counter}`);
  setText('time', view.time);
  setText('case-no', view.case ? `— 办件 ${view.case.caseNo}` : '');
  byId('busy').hidden = view.case === null;
  byId('idle').hidden = view.case !== null;
  if (view.case) drawCase(view);
  setText('waiting', view.waiting === 0 ? '当前无人等候' : `等候 ${view.waiting} 人`);
  setText('desk', `${view.department} · 经办人 ${view.officer}`);
}

async function ask() {
  try {
    const response = await fetch(`${location.pathname}/state`);
    return response.ok ? await response.json() : null;
  } catch {
    // No answer at all: the page says so below and goes on asking.
    return null;
  }
}

async function refresh() {
  const view = await ask();
  if (view) draw(view);
  byId('lost').hidden = view !== null;
  window.setTimeout(refresh, 1000);
}

void refresh();
