// Makes a new key or secret, after saying what ends with the old one.
import { useMutation } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { sayProblem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";

interface MakeAnewProps<Made> {
  thing: "key" | "secret";
  consequence: ReactNode;
  make: () => Promise<Made>;
  made: (made: Made) => void;
}

export function MakeAnew<Made>({ thing, consequence, make, made }: MakeAnewProps<Made>) {
  const [asking, setAsking] = useState(false);
  const making = useMutation({
    mutationFn: make,
    onSuccess: (answer) => {
      made(answer);
      setAsking(false);
    },
  });
  return (
    <>
      <Button look="danger-quiet" className="self-start" onClick={() => setAsking(true)}>
        <RotateCw aria-hidden className="size-4" /> Make a new {thing}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={`Make a new ${thing}?`}
        description={<>{consequence} This cannot be undone.</>}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Keep the old one</Button>
            <Button look="danger" busy={making.isPending} onClick={() => making.mutate()}>
              Make a new {thing}
            </Button>
          </>
        }
      >
        {making.isError && (
          <p role="alert" className="text-sm text-red">
            {sayProblem(making.error)}
          </p>
        )}
      </Dialog>
    </>
  );
}
