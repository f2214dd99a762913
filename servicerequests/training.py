"""Learning matters from texts that people have sorted. Needs scikit-learn (requirements-training); the site does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from servicerequests.matter_model import MatterModel
from servicerequests.matter_words import terms

FOLDS = 5
SEED = 7
FEWEST = 10
"""A matter of which there are fewer texts is not learned."""
C = 4.0
"""How little the weights are held small; higher than scikit-learn's 1, because texts of two sentences have few terms each."""


class TooFew(ValueError):
    """There is not enough to learn from."""


def train(texts: Sequence[str], matters: Sequence[str]) -> MatterModel:
    """Learn from texts and the slug of each one's matter, and try it by cross-validation in five stratified folds.

    Matters with fewer than ten texts are left out. `tried` of the model holds ``texts``, ``accuracy``, ``macro_f1``
    (0 to 1), ``folds`` and ``left_out``. Raises `TooFew` when fewer than two matters remain.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import Pipeline

    counted = Counter(matters)
    kept = [(text, matter) for text, matter in zip(texts, matters, strict=True) if counted[matter] >= FEWEST]
    if len({matter for _text, matter in kept}) < 2:
        raise TooFew
    said, labels = [text for text, _matter in kept], [matter for _text, matter in kept]

    def learner() -> Any:
        return Pipeline(
            [
                ("terms", TfidfVectorizer(analyzer=terms, sublinear_tf=True, min_df=2)),
                ("matters", LogisticRegression(C=C, max_iter=2_000, class_weight="balanced")),
            ]
        )

    found = cross_val_predict(learner(), said, labels, cv=StratifiedKFold(FOLDS, shuffle=True, random_state=SEED))
    tried = {
        "texts": len(said),
        "accuracy": round(float(accuracy_score(labels, found)), 4),
        "macro_f1": round(float(f1_score(labels, found, average="macro")), 4),
        "folds": FOLDS,
        "left_out": sorted(matter for matter, times in counted.items() if times < FEWEST),
    }
    return _taken_out(learner().fit(said, labels), tried)


def _taken_out(learned: Any, tried: dict[str, Any]) -> MatterModel:
    vectors, regression = learned["terms"], learned["matters"]
    names = vectors.get_feature_names_out()
    rows, bias = regression.coef_, regression.intercept_
    if len(rows) == 1:  # of two matters only the second's weights are kept
        rows, bias = [-rows[0] / 2, rows[0] / 2], [-bias[0] / 2, bias[0] / 2]
    return MatterModel(
        matters=tuple(str(each) for each in regression.classes_),
        bias=tuple(round(float(each), 5) for each in bias),
        idf={str(name): round(float(value), 5) for name, value in zip(names, vectors.idf_, strict=True)},
        weights={str(name): tuple(round(float(row[place]), 5) for row in rows) for place, name in enumerate(names)},
        tried=tried,
    )
