/** @jsxImportSource preact */

const icon = (path: string) =>
  function Icon({ size = 20 }: { size?: number }) {
    return (
      <svg
        viewBox="0 0 24 24"
        width={size}
        height={size}
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
    );
  };

export const ChatIcon = icon("M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l2-5.6A8.4 8.4 0 1 1 21 11.5Z");
export const DownIcon = icon("m6 9 6 6 6-6");
export const CloseIcon = icon("M18 6 6 18M6 6l12 12");
export const BackIcon = icon("m15 18-6-6 6-6");
export const SendIcon = icon("M12 19V5m-6 6 6-6 6 6");
export const PlusIcon = icon("M12 5v14M5 12h14");
export const ClockIcon = icon("M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm0 4.5V12l3 2");
