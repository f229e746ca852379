"""What a file may be that is not the CSV file asked for: one message instead of a fault for each column."""

from collections.abc import Mapping, Sequence

AS_CSV = "save it as “CSV UTF-8”, with commas"
BEGINNINGS = {
    "PK\x03\x04": f"is a spreadsheet or an archive, not CSV: open it and {AS_CSV}",
    "\udcd0\udccf\x11": f"is a spreadsheet, not CSV: open it and {AS_CSV}",
    "\x1f\udc8b": "is compressed: unpack it first",
    "sep=": "begins with a line for Excel: take the line “sep=” out",
}
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def odd_beginning(first: str) -> str:
    """What the first cell shows the whole file to be; empty for nothing of the kind."""
    found = (told for beginning, told in BEGINNINGS.items() if first.startswith(beginning))
    return next(found, f"is UTF-16, not UTF-8: {AS_CSV}" if "\x00" in first else "")


def odd_header(file: str, columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> str:
    """What is wrong with the header as a whole; empty where its columns are to be looked at one by one."""
    known = {name for wanted in columns.values() for name in wanted}
    for sign, told in SEPARATORS.items():
        if sum(name.strip(' "') in known for name in ",".join(names).split(sign)) > 1:
            return f"is separated by {told}: {AS_CSV}"
    others = [name for name in columns if name != file and set(columns[name]) <= set(names)]
    if others and not set(columns[file]) <= set(names):
        return f"has the columns of the {others[0]}: are the two files swapped?"
    if not known & set(names):
        return f"has no header: its first line must be {','.join(columns[file])}"
    return ""
