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
        <>
          <ul class="files">
            {files.flatMap(({ name, bytes, problem }) =>
              problem === undefined ? (
                <li key={name}>
                  {/* Without `download`: what goes wrong is then shown, and not saved. */}
                  <a class="button" href={filePath(known, trial, name)}>
                    {name}
                    {bytes === undefined ? '' : ` (${sizeText(bytes)})`}
                  </a>
                </li>
              ) : (
                []
              ),
            )}
          </ul>
          {files.map(({ name, problem }) =>
            problem === undefined ? undefined : <Note key={name}>{problem}</Note>,
          )}
        </>
      )
    }
  </Card>
);
