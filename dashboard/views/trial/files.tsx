// What a trial left to take away.
import type { FileView } from '../../api.ts';
import { filePath } from '../../connection/index.ts';
import { Card, Note } from '../../parts/index.ts';
import type { SearchKey } from '../../route/index.ts';
import { sizeText } from './size-text.ts';

interface FilesProps {
  readonly known: SearchKey;
  readonly trial: string;
  readonly files: readonly FileView[];
}

export const Files = ({ known, trial, files }: FilesProps) => (
  <Card title="Files" wide>
    {() =>
      files.length === 0 ? (
        <Note>None is kept.</Note>
      ) : (
        <ul class="files">
          {files.map(({ name, bytes }) => (
            <li key={name}>
              <a class="button" href={filePath(known, trial, name)} download={`${trial}-${name}`}>
                {name}
                {bytes === undefined ? '' : ` (${sizeText(bytes)})`}
              </a>
            </li>
          ))}
        </ul>
      )
    }
  </Card>
);
