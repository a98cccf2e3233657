"""What the text of a schema says of prices, where it says less than ours does."""

from api.front.rates import rates_of

PLAIN = "type Start { list: [Item!]! one: Item! words: [String!]! } type Change { one: Item } type Item { id: ID! }"


def test_a_list_of_objects_that_says_nothing_of_its_size_counts_as_ten() -> None:
    fields = rates_of(f"schema {{ query: Start }} {PLAIN}").kinds["Start"].fields
    assert {name: (rate.rows, rate.leaf) for name, rate in fields.items()} == {
        "list": (10, False),
        "one": (1, False),
        "words": (10, True),
    }


def test_operations_begin_where_the_schema_says() -> None:
    assert rates_of(f"schema {{ query: Start mutation: Change }} {PLAIN}").roots == {
        "query": "Start",
        "mutation": "Change",
    }
    assert rates_of("type Query { a: Int } type Other { b: Int }").roots == {"query": "Query"}
