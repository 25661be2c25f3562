// The filter of a search's trials: a text in the address, with what is wrong in it said below. `/` leads here from anywhere.
import { useEffect, useId, useRef } from 'preact/hooks';
import { FIELD_NAMES } from '../../filter/index.ts';
import { setQuery } from '../../route/index.ts';

export function FilterBox({ text }: { text: string }) {
  const box = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event.target)) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  return (
    <div class="filter">
      <input
        ref={box}
        type="search"
        aria-label="Filter trials"
        aria-describedby={id}
        spellcheck={false}
        autocomplete="off"
        placeholder="Filter: state:Trained uSF accuracy>0.8   ( / )"
        value={text}
        onInput={(event) => setQuery({ filter: event.currentTarget.value })}
      />
      <details id={id}>
        <summary>how to filter</summary>
        <Help />
      </details>
    </div>
  );
}

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, select, textarea');

const Help = () => (
  <ul>
    <li>
      Words are found anywhere: <code>uSF</code>, <code>Failed</code>, <code>#12</code>,{' '}
      <code>sep_conv_3x3:uSF</code>. All terms must fit; <code>-</code> before one means those that
      do not fit it.
    </li>
    <li>
      <code>field:part</code>, <code>field=whole</code>, <code>field!=whole</code>, and of numbers{' '}
      <code>&gt; &gt;= &lt; &lt;=</code>; <code>a|b</code> means either.
    </li>
    <li>
      Fields: {FIELD_NAMES.join(', ')}; objectives; rules, whose number is that of their places (
      <code>uSF&gt;=3</code>); places (<code>0-&gt;1:uSF</code>, <code>"normal 0-&gt;2":skip</code>
      ).
    </li>
    <li>
      Numbers may be <code>80%</code>, <code>1.5M</code>, <code>1h30m</code>. Keys: <code>/</code>{' '}
      leads to the filter; in the list of trials arrows move, Enter opens, x picks for a comparison.
    </li>
  </ul>
);
