// One of a few, chosen by a click or by arrows.
interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly T[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

export const Choice = <T extends string>({ label, options, value, onChange }: ChoiceProps<T>) => (
  <fieldset class="choice">
    <legend class="hidden">{label}</legend>
    {options.map((option) => (
      <label key={option}>
        <input
          type="radio"
          name={label}
          checked={option === value}
          onChange={() => onChange(option)}
        />
        <span>{option}</span>
      </label>
    ))}
  </fieldset>
);
