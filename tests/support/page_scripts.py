"""What the tests' browser asks of a page in the page's own language.

They only listen and measure: none of them presses, types or changes what the page does.
"""

NEXT_LOOK = """
    window.nextLook = look => {
        let waits = true;
        const once = () => { if (waits) { waits = false; look(); } };
        requestAnimationFrame(once);
        setTimeout(once, %(unpainted)d);
    };
"""
"""Looks at the next frame; a page that paints nothing for a while is looked at all the same."""
FRAMES = "() => new Promise(done => nextLook(() => nextLook(() => done(true))))"
IS_COVERED = """spot => {
    const box = spot.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !top || !(spot.contains(top) || top.contains(spot));
}"""
LISTENERS = """
    const heard = new WeakSet(), times = new WeakMap(), target = EventTarget.prototype;
    const add = target.addEventListener, remove = target.removeEventListener;
    target.addEventListener = function (type, ...rest) {
        if (type === 'input') {
            heard.add(this);
            times.set(this, (times.get(this) || 0) + 1);
        }
        return add.call(this, type, ...rest);
    };
    target.removeEventListener = function (type, ...rest) {
        if (type === 'input') heard.delete(this);
        return remove.call(this, type, ...rest);
    };
    window.isHeard = field => heard.has(field);
    window.timesHeard = field => times.get(field) || 0;
"""
"""Remembers which fields listen to typing: the page attaches its ear some frames after the focus,
and what is typed before that shows in the field and is never told to the app."""
TRAFFIC = """
    const open = window.WebSocket;
    let asked = 0, stirred = 0;
    window.WebSocket = class extends open {
        constructor(...given) {
            super(...given);
            this.addEventListener('message', () => { asked = 0; stirred = performance.now(); });
        }
        send(data) {
            stirred = performance.now();
            asked = asked || stirred;
            super.send(data);
        }
    };
    new MutationObserver(changes => {
        const isNamed = change => change.target.closest?.('flt-semantics-host');
        if (changes.some(isNamed)) stirred = performance.now();
    }).observe(document, {subtree: true, childList: true, attributes: true});
    window.isQuiet = () => {
        const now = performance.now();
        return now - stirred > %(quiet)d && (!asked || now - asked > %(answer)d);
    };
"""
"""Remembers when the page last spoke with the app, and when what it names last changed."""
QUIET_MS, ANSWER_MS, PATIENCE_MS, UNPAINTED_MS = 80, 1_500, 5_000, 200
"""How long nothing stirs on a page at rest, what an app may take to answer (some deeds need no
answer), when a page that never rests is taken as it is, and how long a frame is waited for."""
BECOMES_QUIET = """patience => new Promise(done => {
    const end = performance.now() + patience;
    const look = still => (still >= 3 || performance.now() > end) ? done(true)
        : nextLook(() => look(window.isQuiet() ? still + 1 : 0));
    look(0);
})"""
IS_HEARD = """(field, frames) => new Promise(done => {
    const look = left => window.isHeard(field) && document.activeElement === field ? done(true)
        : left ? nextLook(() => look(left - 1)) : done(false);
    look(frames);
})"""
TIMES_HEARD = "field => window.timesHeard(field)"
