"""What moves on screens: one hub a process, fed by the journal over a bus. Imported only by `participation`."""
