def test_the_passage_with_the_answer_comes_first(library):
    library.add("# Hours\n\nWe open at nine and close at five.", "hours.txt")
    library.add("# Parking\n\nVisitors park behind the building.", "parking.txt")

    first = library.find("Where can visitors park?").hits[0]

    assert (first.document_name, first.heading) == ("parking.txt", "Parking")
    assert first.text == "Visitors park behind the building."
