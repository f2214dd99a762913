"""Files of other systems, and the command that counts them."""

import json

import pytest
from django.core.management import CommandError, call_command

from ballots.counting.files import UnreadableFile, read_blt, read_debian, read_election

BLT = """\
4 2 # four options, two seats
-3
3 1 4 0
2 2 1 - 3 0
(a-17) 1 1 4 0
1 0
0
"Ayşe"
"Berk"  # a remark
"Can"
"Derya"
"Yönetim kurulu"
"""
DEBIAN = """\
     Option 1----->: One [3:1 majority needed]
   /  Option 2----->: Two
   |/  Option 3-->: None of the above   |||/
V: 12- \t abc
V: 12- \t abd
V: -11 \t abe
V: --- \t abf
V: 213
"""


def test_a_blt_file():
    election = read_blt(BLT)

    assert election.title == "Yönetim kurulu"
    assert election.seats == 2
    assert election.options == {1: "Ayşe", 2: "Berk", 3: "Can", 4: "Derya"}
    assert election.withdrawn == (3,)
    assert election.papers == {"1>4": 4, "2>1>3": 2, "blank": 1}


def test_names_may_stand_in_one_line_and_without_quotes():
    assert read_blt('2 1\n1 1 0\n0\n"A" "B" "T"\n').title == "T"
    election = read_blt("2 1\n1 1 0\n0\nSavio Andrew D'SOUZA (Ind)\nB\n")
    assert (election.options[1], election.title) == ("Savio Andrew D'SOUZA (Ind)", "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty"),
        ("Adaylar\n", "Line 1: the number of options and of seats are expected"),
        ("0 0\n", "Line 1: the number"),
        ("2 1\n1 1=2 0\n0\nA\nB\nT\n", r"Line 2: equal ranks \(1 1=2 0\) cannot be counted by transfers"),
        ("2 1\n1 1 2\n0\nA\nB\nT\n", "Line 2: a paper ends with 0"),
        ("2 1\n1 3 0\n0\nA\nB\nT\n", "Line 2: '3' is none of the 2 options"),
        ("2 1\n1 1 1 0\n0\nA\nB\nT\n", "Line 2: an option is ranked twice"),
        ("2 1\n1.5 1 0\n0\nA\nB\nT\n", "Line 2: '1.5' is no whole number of papers"),
        ("2 1\n-4\n1 1 0\n0\nA\nB\nT\n", "Line 2: '4' is none"),
        ("2 1\n1 1 0\n", "The line '0' that ends the papers is missing"),
        ("2 1\n1 1 0\n0\nA\n", "2 names and a title are expected after the papers, there are 1"),
        ("2 1\n1 1 0\n0\nA\nB\nT\nX\n", "there are 4"),
    ],
)
def test_a_blt_file_that_is_not_clear_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        read_blt(text)


def test_a_tally_sheet():
    election = read_election(DEBIAN)

    assert election.options == {1: "One [3:1 majority needed]", 2: "Two", 3: "None of the above"}
    assert election.papers == {"1>2": 2, "2=3": 1, "blank": 1, "2>1>3": 1}
    assert (election.default, election.majorities) == (3, {1: 3})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("V: 12\n", "options"),
        (DEBIAN.replace("Option 2", "Option 7"), "out of order"),
        (DEBIAN.partition("V:")[0], "no vote"),
        (DEBIAN + "V: 12\n", "Line 9: a rank for each of the 3 options"),
        (DEBIAN + "V:\n", "Line 9"),
        (DEBIAN + "V: 1?2\n", "Line 9"),
    ],
)
def test_a_tally_sheet_that_is_not_clear_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        read_debian(text)


def counted(capsys, path, *arguments):
    call_command("count_ballots", str(path), *arguments)
    return capsys.readouterr().out


def test_the_command_tells_every_stage(tmp_path, capsys):
    path = tmp_path / "kurul.blt"
    path.write_text(BLT)

    told = counted(capsys, path)
    count = json.loads(counted(capsys, path, "--json"))

    assert "Yönetim kurulu" in told
    assert "Kota: 3" in told
    assert "Aşama 2, fazla oyların aktarımı: Ayşe" in told
    assert told.rstrip().endswith("Kazanan: Ayşe, Berk")
    assert (count["method"], count["quota"], count["winners"]) == ("stv", 3, [1, 2])
    assert count["names"]["4"] == "Derya"
    assert count["stages"][1]["votes"] == {"1": "3.00000", "2": "2.00000", "4": "1.00000"}


def test_the_command_counts_by_another_method_and_breaks_ties_as_asked(tmp_path, capsys):
    path = tmp_path / "esit.blt"
    path.write_text("2 1\n1 1 2 0\n1 2 1 0\n0\nA\nB\nT\n")

    assert "Eşitlik bozulamadı: A, B" in counted(capsys, path)
    assert "Kazanan: B" in counted(capsys, path, "--lot", "2,1")
    assert json.loads(counted(capsys, path, "--seed", "x", "--json"))["ties"][0]["broken_by"] == "lot"
    assert json.loads(counted(capsys, path, "--method", "schulze", "--json"))["method"] == "schulze"
    assert json.loads(counted(capsys, path, "--seats", "2", "--json"))["winners"] == [1, 2]
    assert json.loads(counted(capsys, path, "--withdrawn", "1", "--json"))["winners"] == [2]


def test_the_command_counts_a_tally_sheet(tmp_path, capsys):
    path = tmp_path / "tally.txt"
    path.write_text(DEBIAN)

    told = counted(capsys, path, "--quorum", "3")

    assert "Two > None of the above  (3 : 0)" in told
    assert "Kazanan: Two" in told or "Kazanan: One" in told
    assert "yeter sayıya ulaşmadı" in counted(capsys, path, "--quorum", "9/2")


@pytest.mark.parametrize(
    "arguments", [["--withdrawn", "9"], ["--method", "runoff"], ["--lot", "1,1"], ["--seats", "0"]]
)
def test_the_command_refuses_what_makes_no_sense(tmp_path, arguments):
    path = tmp_path / "kurul.blt"
    path.write_text(BLT)

    with pytest.raises(CommandError):
        call_command("count_ballots", str(path), *arguments)
    with pytest.raises(CommandError):
        call_command("count_ballots", str(tmp_path / "absent"))
