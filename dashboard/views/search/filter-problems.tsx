// What is wrong with the filter's text.
export const FilterProblems = ({ problems }: { problems: readonly string[] }) => (
  <div role="alert">
    {problems.map((problem) => (
      <p class="problem" key={problem}>
        {problem}
      </p>
    ))}
  </div>
);
