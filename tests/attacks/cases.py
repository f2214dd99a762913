"""Every case: what an attacker tries and what keeps it from succeeding; or why it does not touch what exists.

Numbers are those of the tests' names. `P0` blocks a release, `P1` a public launch, `P2` comes later.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    number: int
    priority: str
    attack: str
    answer: str
    elsewhere: str = ""
    """Where tests stand that are not in tests/attacks."""


CASES = (
    Case(1, "P0", "many votes of one person at once", "one statement over a unique constraint"),
    Case(2, "P0", "supporting and taking it back at once", "the row that holds the count is locked; counts are counted"),
    Case(3, "P0", "a rule that only the form knows", "what must be once is a constraint of the database"),
    Case(4, "P0", "a clock that is wrong, or claimed", "the database’s clock, in the statement and in a trigger"),
    Case(5, "P0", "a vote before the opening or after the outcome", "asked in the statement and in a trigger"),
    Case(6, "P0", "changing question, rule or roll after the opening", "triggers freeze ballot and roll"),
    Case(7, "P0", "a paper that is none of this ballot", "papers are read by the rules of their ballot; 400, nothing stored"),
    Case(8, "P0", "leaving or joining between page and vote", "the roll is taken at the opening and asked in the statement"),
    Case(9, "P0", "a form that names another voter", "a vote is of the session’s or token’s person"),
    Case(10, "P0", "a second account of the same person", "one identity number, and one address, belong to one account"),
    Case(12, "P0", "votes in flight while the ballot closes", "votes hold their ballot, closing takes it for itself", "tests/ballots/test_races.py"),
    Case(13, "P1", "a tie, no quorum, blank or no votes", "each has an outcome", "tests/ballots/test_counting.py"),
    Case(15, "P0", "reading hidden results before the closing", "one question, asked by page, API, feed and live state"),
    Case(16, "P0", "reading who voted how", "the owner’s rule is asked; 403 or 404"),
    Case(17, "P1", "a request sent again", "the same key gets the same answer, another body 409", "tests/ballots/test_keys.py"),
    Case(18, "P0", "a vote by GET, without a token, by another method", "POST with the token of the forms, PUT in the API"),
    Case(20, "P0", "counters that drift from their rows", "a count is counted in the transaction that changes it"),
    Case(21, "P1", "deleting or moving a vote by hand", "triggers refuse it", "tests/ballots/test_actions.py"),
    Case(22, "P0", "altering, dropping or swapping a record", "leaves, roots and heads are computed anew", "tests/journal, tests/ballots/test_records.py"),
    Case(43, "P1", "letters that cannot be seen or that turn the text", "they are taken out before a text is kept"),
    Case(46, "P0", "any address, with any method, by anybody", "rows for every route and role; a route without a row fails"),
    Case(47, "P0", "acting for another organisation", "a mandate is asked for, today’s"),
    Case(48, "P0", "hints of a closed group anywhere", "the owner of a discussion says who reads it; 404 for others"),
    Case(49, "P0", "writing to what one may not read", "a comment is found through its discussion"),
    Case(50, "P0", "filters and orders over other columns", "an endpoint names the parameters it knows, a page reads only its own"),
    Case(51, "P0", "names of lookups out of a request; SQL out of text", "mappings are expanded in reviewed places; values are parameters"),
    Case(52, "P0", "a list of numbers in a bulk action", "the administration only shows what actions change"),
    Case(54, "P0", "a nested object under another parent", "nested objects are found through their parent"),
    Case(55, "P0", "somebody else’s export", "exports are made for who asks, and end with the session"),
    Case(56, "P0", "the part of a page instead of the page", "one rule for page and part"),
    Case(57, "P0", "the file of a page one may not see", "files are found among what one may see"),
    Case(58, "P1", "a permission function that is not called", "found by reading the code"),
    Case(59, "P0", "fields nobody asked for", "actions take named fields"),
    Case(60, "P0", "moderating in another body or council", "a moderator is one of this body or council"),
    Case(65, "P1", "forged forms of the administration", "what actions change cannot be edited there"),
    Case(69, "P0", "payloads in every text, on every page, in feeds and frames", "templates escape"),
    Case(70, "P0", "links that run", "links by list of schemes, after Markdown without HTML"),
    Case(71, "P0", "markup that changes its meaning", "nh3 at output"),
    Case(73, "P0", "what a request says, said back", "templates escape"),
    Case(76, "P1", "strings declared to be HTML", "a reviewed list; semgrep"),
    Case(77, "P0", "placeholders in facts", "sentences take facts once, by name"),
    Case(78, "P1", "line ends in names and addresses of mails", "refused or taken out"),
    Case(79, "P1", "line ends and colours in the log", "written as what they are"),
    Case(81, "P0", "inline scripts and frames", "a policy without unsafe-inline, on every answer"),
    Case(82, "P1", "text for a shell", "programs are called with lists; semgrep"),
    Case(83, "P0", "a socket from another site’s page", "origins are compared whole: scheme, host, port"),
    Case(84, "P0", "topics one may not follow", "rows for every topic and role; asked at joining and at every change"),
    Case(85, "P0", "a socket that outlives its session or account", "ends are told to every hub"),
    Case(86, "P0", "listening after losing a seat", "sockets are asked again"),
    Case(87, "P0", "writing over the socket", "a protocol of four words, none of them writes"),
    Case(88, "P0", "large, deep, broken or packed messages", "size and shape first; no compression"),
    Case(89, "P0", "bytes that end a line elsewhere", "refused in the handshake; one origin"),
    Case(90, "P1", "floods of messages, sockets and joins", "buckets for sockets, people and networks"),
    Case(91, "P1", "a client that never reads", "it is cut and delays nobody", "tests/realtime/test_hub.py, tests/realtime/test_faults.py"),
    Case(92, "P0", "a gap after reconnecting", "what was missed is read from the journal"),
    Case(93, "P1", "who is present", "a number, no names"),
    Case(95, "P1", "private text in public frames", "frames of closed discussions travel inside only"),
    Case(96, "P1", "names of topics", "a kind and a number"),
    Case(100, "P0", "addresses the client made up", "the connection’s address, or that of a named proxy"),
    Case(111, "P0", "cookies read by scripts or sent elsewhere", "__Host-, Secure, HttpOnly, SameSite=Lax"),
    Case(114, "P0", "files that are something else", "pictures are drawn anew, PDFs made anew without actions; attachments with nosniff"),
    Case(115, "P0", "names of files", "kept under a name of our own; shown escaped"),
    Case(116, "P0", "archives and what unpacks without end", "refused; PDFs are read by a process with little memory"),
    Case(117, "P0", "huge, moving and located pictures", "points are counted first; one frame, no EXIF"),
    Case(119, "P0", "files of what is hidden or gone", "found among what one may see, also by HEAD and Range"),
    Case(120, "P1", "bodies without end or length, and many fields", "measured at the entrance, 413; a limit of fields"),
    Case(121, "P1", "a disk that is full", "no row and no half file", "tests/proposals/test_attachments.py"),
    Case(122, "P1", "titles that break a feed", "escaped, and without unseen letters"),
    Case(123, "P0", "codecs instead of character sets", "UTF-8 only, 415"),
    Case(124, "P1", "strange searches, numbers and places in lists", "an answer, and soon"),
    Case(125, "P1", "corrections by the hundred", "a limit a minute", "query counts in tests of pages and API"),
    Case(126, "P1", "strange languages", "languages by list"),
    Case(127, "P1", "a thousand headers", "read soon"),
    Case(128, "P1", "a flood of mails to one address", "a limit for each address"),
    Case(130, "P0", "a shared cache", "private, by cookie; personal pages are never the same body"),
    Case(131, "P0", "an open installation", "safe defaults; check --deploy; no browsable API; JSON alone"),
    Case(132, "P0", "other sites reading with the session", "no CORS; origins by list"),
    Case(133, "P0", "headers that say who or where one is", "hosts by list; names with an underscore are dropped; no header is an identity"),
    Case(134, "P1", "requests of two lengths", "refused by the server"),
    Case(135, "P1", "objects in Redis", "JSON for tasks and bus; sessions stand in the database"),
    Case(136, "P1", "what an error page tells", "a number; hidden looks like absent"),
    Case(142, "P1", "illegal moves", "one table, every pair tried", "tests/proposals/test_stages.py"),
    Case(144, "P1", "names that were taken back", "gone from pages, frames and lists", "tests/people/test_closing.py"),
    Case(145, "P1", "other people in one’s export", "rows of one’s own"),
    Case(146, "P1", "packages from elsewhere", "pins with hashes, no scripts of npm; make sbom"),
    Case(147, "P1", "packages with known faults", "oldest versions; what cannot be read is a fault"),
    Case(150, "P1", "an administrator in the dark", "what is given there is recorded in the journal", "tests/participation/test_mishaps.py"),
)  # fmt: skip

ABSENT = {
    "11": "proxy votes: rules in tests/ballots where the procedure allows them",
    "14": "there are no weighted votes",
    "19": "there are no amendments",
    "23–45 but 43": "there are no secret and no externally verified elections; public votes say so on the page",
    "53, 61, 62, 64, 68": "there is no copying, no template editor, no banner, no notification and no grant",
    "63": "supporters are listed by their choice alone, see tests/proposals",
    "66, 67, 97–99, 101–110, 112": "accounts: tests/people and tests/api",
    "72, 74, 75, 80": "there are no HTML blocks, embeds or link pages; the administration is for superusers",
    "94": "a socket sends nothing to others",
    "113": "no documents of identity are kept",
    "118": "there are no tables to export",
    "129": "nothing is fetched from or pushed to other servers by what people type",
    "137–141, 143": "there are no bookings, requests and grants",
    "148, 149": "the repository holds no data; case 81 finds every address of another site on a page",
}
