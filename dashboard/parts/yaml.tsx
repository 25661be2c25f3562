// A card with an object as YAML, to be read, and to be copied with a click.
import { useRef, useState } from 'preact/hooks';
import { Card } from './card.tsx';

export function YamlCard({ title, text }: { title: string; text: string }) {
  const shown = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('');
  const select = () => {
    if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
    setSaid('selected, to be copied');
  };
  // Browsers keep the clipboard from pages that come without TLS from another machine.
  const copy = () =>
    navigator.clipboard === undefined
      ? select()
      : void navigator.clipboard.writeText(text).then(() => setSaid('copied'), select);
  const aside = (
    <span class="aside">
      <span class="note" role="status">
        {said}
      </span>
      <button type="button" onClick={copy}>
        Copy YAML
      </button>
    </span>
  );
  return (
    <Card title={title} wide aside={aside}>
      {() => (
        <pre tabIndex={0} ref={shown}>
          {text}
        </pre>
      )}
    </Card>
  );
}
