import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AlertKind, AlertState, WallCommand } from '@mingjing/contracts';
import { compose } from './compose.ts';
import { moveOn, NEW_COURSE, obey, wakeAt, type Course, type WallWorld } from './course.ts';

/** A wall and what happens around it, told in seconds. */
class Story {
  at = 0;
  course: Course = NEW_COURSE;
  alerts = new Map<number, { kind: AlertKind; at: number; state: AlertState }>();
  off = new Set<string>();
  patrol: WallWorld['patrol'] = {
    id: 'p',
    steps: ['a', 'b', 'c'].map((camera) => ({
      dwellSeconds: 10,
      show: { kind: 'cameras' as const, cameras: [camera] },
    })),
  };

  world(): WallWorld {
    const waiting = [...this.alerts]
      .filter(([, { state }]) => state === 'open')
      .map(([id, { kind, at }]) => ({ id, kind, at }));
    const states = new Map([...this.alerts].map(([id, { state }]) => [id, state]));
    return { holdSeconds: 60, patrol: this.patrol, waiting, states, off: this.off };
  }
  after(seconds: number): this {
    this.at += seconds * 1000;
    this.course = moveOn(this.course, this.world(), this.at);
    return this;
  }
  raise(id: number, kind: AlertKind): this {
    this.alerts.set(id, { kind, at: this.at, state: 'open' });
    return this.after(0);
  }
  mark(id: number, state: AlertState): this {
    this.alerts.get(id)!.state = state;
    return this.after(0);
  }
  tell(command: WallCommand, state?: AlertState): this {
    const order = { command, by: '王敏', at: this.at, ...(state ? { state } : {}) };
    const told = obey(this.course, this.world(), order);
    expect(told).toBeDefined();
    this.course = told!;
    return this.after(0);
  }
  get step(): number | undefined {
    return this.course.patrol?.step;
  }
  get shows(): string {
    const grid = compose(this.course, {
      windows: [{ layout: null }],
      layouts: new Map(),
      steps: this.patrol?.steps ?? [],
      alert: { camera: 'counter', screen: 'desk', caseId: 'case' },
    })[0]!.grid;
    return grid.tiles
      .map(({ content }) => Object.values(content).slice(1).join('') || content.kind)
      .join(' ');
  }
}

let wall: Story;
beforeEach(() => {
  wall = new Story().after(0);
});

const text = (words: string, seconds: number | null = null): WallCommand => ({
  ...{ do: 'send', window: null, tile: null, seconds },
  content: { kind: 'text', text: words },
});

describe('a patrol', () => {
  test('shows each step for its time and begins again', () => {
    expect([wall.step, wall.after(9.9).step, wall.after(0.1).step]).toEqual([0, 0, 1]);
    expect([wall.after(10).step, wall.after(10).step]).toEqual([2, 0]);
  });

  test('steps once however long nobody looked, and from then on keeps time', () => {
    expect(wall.after(86_400).step).toBe(1);
    expect(wall.course.patrol?.until).toBe(wall.at + 10_000);
  });

  test('passes over steps whose cameras are all away, and stays when all are', () => {
    wall.off.add('b');
    expect(wall.after(10).step).toBe(2);
    wall.off = new Set(['a', 'b', 'c']);
    expect(wall.after(10).step).toBe(0);
    expect(wall.shows).toBe('a');
  });

  test('stands while an operator holds it, and goes on with what was left of the step', () => {
    wall.after(4).tell({ do: 'pause' }).after(500);
    expect(wall.step).toBe(0);
    wall.tell({ do: 'next' });
    expect([wall.step, wall.after(100).step]).toEqual([1, 1]);
    wall.tell({ do: 'previous' }).tell({ do: 'resume' });
    expect([wall.step, wall.after(9.9).step, wall.after(0.2).step]).toEqual([0, 0, 1]);
  });

  test('that was changed to fewer steps begins anew', () => {
    wall.after(10).after(10);
    wall.patrol = { id: 'p', steps: wall.patrol!.steps.slice(0, 1) };
    expect(wall.after(1).step).toBe(0);
  });
});

describe('an alert', () => {
  test('brings camera, screen and case, and the patrol goes on where it was once it is acknowledged', () => {
    wall.after(4).raise(1, 'red');
    expect(wall.shows).toBe('counter desk case');
    wall.after(30);
    expect(wall.step).toBe(0);
    wall.mark(1, 'acknowledged');
    expect(wall.shows).toBe('a');
    expect([wall.after(5.9).step, wall.after(0.2).step]).toEqual([0, 1]);
  });

  test.each(['rescinded', 'closed'] as const)('that is %s leaves at once', (state) => {
    wall.raise(1, 'red').mark(1, state);
    expect(wall.course.alert).toBeNull();
  });

  test('that nobody acknowledges leaves after its time and does not come again', () => {
    wall.raise(1, 'red').after(60);
    expect(wall.course.alert).toBeNull();
    expect(wall.after(1000).course.alert).toBeNull();
  });

  test('that was acknowledged and opens again comes again', () => {
    wall.raise(1, 'red').after(60).mark(1, 'acknowledged').mark(1, 'open');
    expect(wall.course.alert?.id).toBe(1);
  });

  test('waits for the one on show: red before yellow, then by time', () => {
    wall.raise(1, 'yellow').raise(2, 'yellow').after(1).raise(3, 'red').raise(4, 'red');
    expect([wall.course.alert?.id, wall.course.queue]).toEqual([1, 3]);
    expect(wall.course.next).toEqual([3, 4, 2]);
    const order = [1, 3, 4, 2].map((id) => {
      expect(wall.course.alert?.id).toBe(id);
      wall.mark(id, 'acknowledged');
      return id;
    });
    expect(order).toHaveLength(4);
    expect([wall.course.alert, wall.course.queue]).toEqual([null, 0]);
  });

  test('that an operator brings takes the place of the one on show, which comes again', () => {
    wall.raise(1, 'red').raise(2, 'yellow').tell({ do: 'showAlert', alert: 2 }, 'open');
    expect(wall.course.alert?.id).toBe(2);
    wall.mark(2, 'acknowledged');
    expect(wall.course.alert?.id).toBe(1);
  });

  test('that is put away does not come again', () => {
    wall.raise(1, 'red').tell({ do: 'dismissAlert' });
    expect(wall.after(5).course.alert).toBeNull();
  });

  test('holds the patrol of an operator, too', () => {
    wall.tell({ do: 'pause' }).raise(1, 'red').mark(1, 'closed').after(100);
    expect(wall.step).toBe(0);
  });

  test('survives a restart with the very same time', () => {
    wall.raise(1, 'red').after(20);
    wall.course = JSON.parse(JSON.stringify(wall.course)) as Course;
    expect(wall.after(39).course.alert?.id).toBe(1);
    expect(wall.after(1).course.alert).toBeNull();
  });
});

describe('what somebody sends', () => {
  test('lies over the patrol until its time is out or it is taken back', () => {
    wall.tell(text('开会', 30)).tell(text('请静'));
    expect(wall.shows).toBe('请静');
    wall.tell({ do: 'takeBack', sent: 2 });
    expect(wall.shows).toBe('开会');
    expect(wall.course.sent[0]).toMatchObject({ by: '王敏', until: 30_000 });
    expect(wall.after(30).shows).toBe('b');
  });

  test('gives way to an alert, and lies over it when it was sent since', () => {
    wall.tell(text('开会')).after(1).raise(1, 'red');
    expect(wall.shows).toBe('counter desk case');
    expect(wall.after(1).tell(text('请看')).shows).toBe('请看');
  });

  test('never grows without bound', () => {
    for (let index = 0; index < 100; index += 1) wall.tell(text('字'));
    expect(wall.course.sent).toHaveLength(16);
  });

  test('cannot be taken back twice', () => {
    const order = { command: { do: 'takeBack', sent: 7 } as const, by: '', at: 0 };
    expect(obey(wall.course, wall.world(), order)).toBeUndefined();
  });
});

test('a wall is looked at again when anything of it ends', () => {
  wall.tell(text('开会', 5));
  expect(wakeAt(wall.course, wall.at)).toBe(5000);
  expect(wakeAt(NEW_COURSE, 0)).toBe(5000);
  expect(wakeAt(wall.after(9).course, 9000)).toBe(10_000);
});
