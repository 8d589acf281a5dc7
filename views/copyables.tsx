type CopyableProps = {
  label: string;
  value: string;
  /** What is copied, where it is not what is shown. */
  copied?: string;
};

/** A value to copy, as a row of facts; without JavaScript it can still be marked. */
export const Copyable = ({ label, value, copied = value }: CopyableProps) => (
  <div>
    <dt>{label}</dt>
    <dd>
      <span class="copyable">
        <span>{value}</span>
        <button type="button" class="copy" data-copy={copied} aria-label={`Copy ${label}`}>
          Copy
        </button>
      </span>
    </dd>
  </div>
);
