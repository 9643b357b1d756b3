"""One question of the profile with the field that its kind of answer needs."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from dashboards.questionnaire import Question
from dashboards.window import words

_COLUMNS = 3


class AnswerField(QWidget):
    """A question and its answer as text, as `questionnaire.with_answer` reads it.

    Parameters
    ----------
    question : Question
    answer : str
        Shown at first; empty for none.
    """

    def __init__(self, question: Question, answer: str) -> None:
        super().__init__()
        self._boxes: dict[str, QCheckBox] = {}
        self._choice: QComboBox | None = None
        self._line: QLineEdit | None = None
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 6, 0, 6)
        label = QLabel(question.words)
        label.setWordWrap(True)
        layout.addWidget(label, 0, 0, 1, _COLUMNS)
        choices = ("yes", "no") if question.kind is bool else question.choices
        if choices and question.many:
            for number, word in enumerate(choices):
                box = QCheckBox(_plain(word))
                box.setAccessibleName(f"{question.words} {_plain(word)}")
                self._boxes[word] = box
                layout.addWidget(box, 1 + number // _COLUMNS, number % _COLUMNS)
        elif choices:
            self._choice = QComboBox()
            self._choice.setAccessibleName(question.words)
            self._choice.addItem(words.NOT_ANSWERED, "")
            for word in choices:
                self._choice.addItem(_plain(word), word)
            layout.addWidget(self._choice, 1, 0)
        else:
            self._line = QLineEdit()
            self._line.setAccessibleName(question.words)
            layout.addWidget(self._line, 1, 0)
        self.set_text(answer)

    def text(self) -> str:
        """The answer; several are separated by commas."""
        if self._choice is not None:
            return str(self._choice.currentData())
        if self._line is not None:
            return self._line.text().strip()
        return ", ".join(word for word, box in self._boxes.items() if box.isChecked())

    def set_text(self, answer: str) -> None:
        """Show an answer."""
        if self._choice is not None:
            self._choice.setCurrentIndex(max(0, self._choice.findData(answer)))
        elif self._line is not None:
            self._line.setText(answer)
        else:
            chosen = {word.strip() for word in answer.split(",")}
            for word, box in self._boxes.items():
                box.setChecked(word in chosen)


def _plain(word: str) -> str:
    return word.replace("_", " ")
