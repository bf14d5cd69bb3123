"use client";
import type { ComponentProps } from "react";
import { Select } from "@/components/ui/field";
import { ROLE_WORDS, ROLES, type Role } from "@/lib/auth/roles";

type Props = Omit<ComponentProps<typeof Select>, "onChange"> & {
  role: Role;
  onChange: (role: Role) => void;
};

export function RoleSelect({ role, onChange, ...rest }: Props) {
  return (
    <Select
      {...rest}
      value={role}
      onChange={(event) => {
        const chosen = ROLES.find((item) => item === event.target.value);
        if (chosen) onChange(chosen);
      }}
    >
      {ROLES.map((item) => (
        <option key={item} value={item}>
          {ROLE_WORDS[item].name}
        </option>
      ))}
    </Select>
  );
}
