/** A text of the document: what stands between backticks is code. */
export const Marked = ({ text }: { text: string }) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
