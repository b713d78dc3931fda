import re
def test_smoke(world):
    ref = world.assessing()
    s = world.settled(); r = world.recommended(); a = world.award(); acc = world.accepted(); 
    print(ref, s, r, a, acc)
    def go(who, *paths):
        b = world.browser(who)
        for p in paths:
            x = b.get(p)
            print(who, p, x.status_code, x.headers.get("Location"), len(x.text))
            if x.status_code >= 500: print(x.text[:500])
    go(world.person("assessor",0), "/admin/assessment/", f"/admin/assessment/{ref}/", f"/admin/assessment/{ref}/interest")
    go(world.person("assessor",1), "/admin/assessment/", f"/admin/assessment/{ref}/", f"/admin/assessment/{ref}/interest")
    go(world.person("assessor",2), "/admin/assessment/", f"/admin/assessment/{ref}/", f"/admin/assessment/{ref}/interest")
    go(world.person("programme officer"), "/admin/assessment/", "/admin/assessment/results/", f"/admin/assessment/results/{s}/", "/admin/assessment/results/settled/", f"/admin/assessment/{ref}/allocate", "/admin/recommendations/", "/admin/decisions/", "/admin/awards/", "/admin/instalments/", "/admin/awards/details/?id=1", f"/awards/{a}/", "/admin/awards/export/csv/", "/admin/assessment/results/settled/export/csv/","/admin/assessment/results/settled/?spread=wide", "/admin/awards/?fund=mayors-safer-communities-fund&origin=imported&sort=-amount")
    go(world.person("board member"), "/admin/recommendations/", f"/admin/recommendations/{s}/", f"/admin/decisions/{r}/")
    go(world.person("decision maker"), "/admin/decisions/", f"/admin/decisions/{r}/", f"/admin/decisions/{s}/")
    go(world.lead("offered"), f"/awards/{a}/", f"/awards/{a}/accept", f"/awards/{a}/decline", f"/awards/{acc}/")
