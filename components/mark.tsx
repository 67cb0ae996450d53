// The mark: a source of light over a line.
export function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" width="34" height="34" fill="none">
      <circle cx="16" cy="17" r="6.5" fill="#f2a900" />
      <path
        d="M16 3.5v4M5.5 8.5l3 2.6M26.5 8.5l-3 2.6M2.5 18h4M25.5 18h4M4 28h24"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  )
}
