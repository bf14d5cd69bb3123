"use client";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

type DeleteDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  onDelete: () => void;
  children: ReactNode;
};

export function DeleteDialog({ open, onOpenChange, title, onDelete, children }: DeleteDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={children}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Keep</Button>
          <Button
            variant="danger"
            onClick={() => {
              onOpenChange(false);
              onDelete();
            }}
          >
            Delete
          </Button>
        </>
      }
    />
  );
}
