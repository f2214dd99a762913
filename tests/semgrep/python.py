"""Examples for python.yml: what stands below `ruleid` is found, what stands below `ok` is not."""

# --- declared-safe ---
# ruleid: declared-safe
mark_safe(f"<b>{name}</b>")
# ruleid: declared-safe
SafeString(person.display_name)
# ok: declared-safe
SafeString('aria-hidden="true"')

# --- formatted-before-format-html ---
# ruleid: formatted-before-format-html
format_html(f"<b>{name}</b>")
# ruleid: formatted-before-format-html
format_html("<b>%s</b>" % name)
# ruleid: formatted-before-format-html
format_html("<b>{}</b>".format(name))
# ok: formatted-before-format-html
format_html("<b>{}</b>", name)

# --- sql-from-formatted-text ---
# ruleid: sql-from-formatted-text
cursor.execute(f"SELECT * FROM people_person WHERE email = '{email}'")
# ruleid: sql-from-formatted-text
cursor.execute("SELECT * FROM people_person WHERE id = %s" % number, [])
# ruleid: sql-from-formatted-text
Person.objects.raw(f"SELECT {column} FROM people_person")
# ruleid: sql-from-formatted-text
Person.objects.extra(where=[condition])
# ok: sql-from-formatted-text
cursor.execute("SELECT * FROM people_person WHERE email = %s", [email])


# --- csrf-exempt ---
# ruleid: csrf-exempt
@csrf_exempt
def hook(request): ...


# ok: csrf-exempt
@signed_in
def form(request): ...


# --- shell ---
# ruleid: shell
subprocess.run(f"convert {name} out.png", shell=True)
# ruleid: shell
os.system(command)
# ok: shell
subprocess.run(["convert", name, "out.png"], check=True)

# --- request-without-timeout ---
# ruleid: request-without-timeout
requests.get(address)
# ruleid: request-without-timeout
urllib.request.urlopen(address)
# ok: request-without-timeout
requests.get(address, timeout=5)
# ok: request-without-timeout
urllib.request.urlopen(address, timeout=5)

# --- object-by-number-in-a-view ---
# ruleid: object-by-number-in-a-view
proposal = Proposal.objects.get(pk=number)
# ruleid: object-by-number-in-a-view
proposal = get_object_or_404(Proposal, pk=number)
# ok: object-by-number-in-a-view
account = Person.objects.get(pk=request.user.pk)
# ok: object-by-number-in-a-view
proposal = get_object_or_404(Proposal.objects.visible_to(person), pk=number)


# --- view-without-access ---
# ruleid: view-without-access
@require_safe
def page(request: HttpRequest) -> HttpResponse: ...


# ok: view-without-access
@public
@require_safe
def open_page(request: HttpRequest) -> HttpResponse: ...


# ok: view-without-access
@signed_in
@require_POST
def send(request: HttpRequest, number: str) -> HttpResponse: ...


# --- lookup-from-a-request ---
# ruleid: lookup-from-a-request
Proposal.objects.filter(**request.GET.dict())
# ruleid: lookup-from-a-request
Proposal.objects.order_by(request.GET.get("order"))
# ok: lookup-from-a-request
Proposal.objects.filter(title=request.GET.get("title"))

# --- redirect-from-a-request ---
# ruleid: redirect-from-a-request
HttpResponseRedirect(request.POST.get("next"))
# ruleid: redirect-from-a-request
redirect(request.GET["next"])
# ok: redirect-from-a-request
HttpResponseRedirect(own_path(request, request.POST.get("next")))

# --- print-in-an-app ---
# ruleid: print-in-an-app
print("a vote was cast")
# ok: print-in-an-app
log.info("vote_cast")

# --- naive-moment ---
# ruleid: naive-moment
datetime.now()
# ruleid: naive-moment
date.today()
# ok: naive-moment
timezone.now()
# ok: naive-moment
datetime.now(UTC)

# --- runs-what-it-reads ---
# ruleid: runs-what-it-reads
pickle.loads(content)
# ruleid: runs-what-it-reads
eval(text)
# ok: runs-what-it-reads
json.loads(content)

# --- secret-in-the-log ---
# ruleid: secret-in-the-log
log.info("signed_in", email=person.email)
# ok: secret-in-the-log
log.info("signed_in", person=person.pk)
