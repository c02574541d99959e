def test_connexion(ouvrir):
    page = ouvrir("telephone")
    page.goto("/connexion/")
    page.get_by_label("Votre adresse").fill("x@y.example")
    page.get_by_role("button", name="Recevoir mon lien").click()
    page.get_by_role("heading", name="Regardez votre courrier").wait_for()
    page.screenshot(path="/tmp/c.png")
