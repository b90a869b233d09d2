"""A contract of our own for import-linter: what a room lets other rooms see."""

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class CupboardContract(Contract):
    """Rooms import from another room only the names that every room opens, or that this room opens besides.

    `everywhere`: names that every room of Django opens. `also`: lines `room: name name`, further names of one room.
    Rooms without Django (`science`, `analysis`) are open; importing a room itself shows its sign only.
    """

    type_name = "cupboards"

    everywhere = fields.StringField()
    also = fields.ListField(subfield=fields.StringField())

    OPEN = ("science", "analysis")

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        root = "confrere"
        rooms = {child.rpartition(".")[2] for child in graph.find_children(root)}
        public = {room: set(str(self.everywhere).split()) for room in rooms}
        for line in cast("list[str]", self.also):  # a field, until the contract is made
            room, _, names = line.partition(":")
            public[room.strip()] |= set(names.split())
        wrong = []
        for importer in sorted(graph.find_descendants(root)):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                from_room, to_room, name = importer.split(".")[1], *(*imported.split(".")[1:3], "", "")[:2]
                if not imported.startswith(f"{root}.") or to_room in {from_room, *self.OPEN}:
                    continue
                if name and name not in public[to_room]:
                    wrong.append((importer, imported))
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"{importer} opens {imported}, which its room does not offer to others.")
            output.new_line()
