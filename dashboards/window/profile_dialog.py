"""The questions of a profile on the screen: red flags first, then what sensors cannot see."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dashboards.questionnaire import QUESTIONS, advice, answer_of, with_answer
from dashboards.window import words
from dashboards.window.answer_field import AnswerField
from recordings.errors import HipgaitError
from recordings.profile import Profile, answered, read_profile, write_profile
from recordings.red_flags import RED_FLAGS

RED_FLAG_PAGE, QUESTION_PAGE, ADVICE_PAGE = range(3)


class ProfileDialog(QDialog):
    """Asks the red flags, every time; then, if none was raised, the other questions.

    Parameters
    ----------
    file : Path
        Where the answers lie; what is there is shown and can be changed.

    Raises
    ------
    HipgaitError
        If there are answers that cannot be read.
    """

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self.profile = read_profile(file) if file.exists() else Profile()
        self.setWindowTitle(words.QUESTIONS)
        self.resize(720, 640)
        self._flags: dict[str, QButtonGroup] = {}
        self._fields = {q.key: AnswerField(q, answer_of(self.profile, q.key)) for q in QUESTIONS}
        self._pages = QStackedWidget()
        self._advice = QLabel()
        self._advice.setWordWrap(True)
        self._advice.setStyleSheet("font-size: 17px; font-weight: 600;")
        for page in (self._red_flag_page(), self._question_page(), self._advice_page()):
            self._pages.addWidget(page)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._cancel, self._next = QPushButton(words.CANCEL), QPushButton()
        self._cancel.clicked.connect(self.reject)
        self._next.clicked.connect(self.go_on)
        self._next.setDefault(True)
        foot = QHBoxLayout()
        foot.addWidget(self._problem, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._next)
        layout = QVBoxLayout(self)
        layout.addWidget(self._pages, 1)
        layout.addLayout(foot)
        self._show(RED_FLAG_PAGE)

    @property
    def page(self) -> int:
        return self._pages.currentIndex()

    def answer_flag(self, key: str, *, yes: bool) -> None:
        """Choose an answer to a red flag."""
        self._flags[key].button(int(yes)).setChecked(True)

    def field(self, key: str) -> AnswerField:
        """The field of a question."""
        return self._fields[key]

    def problem(self) -> str:
        """What keeps the answers from being taken; empty if nothing does."""
        return self._problem.text()

    def go_on(self) -> None:
        """Take the answers of this page; keep them, and go to the next one."""
        if self.page == ADVICE_PAGE:
            self.accept()
            return
        try:
            asks = self.page == RED_FLAG_PAGE
            self.profile = self._flags_taken() if asks else self._answers_taken()
            write_profile(self.profile, self._file)
        except HipgaitError as error:
            self._problem.setText(str(error))
            return
        if self.page == QUESTION_PAGE:
            self.accept()
        else:
            self._show(ADVICE_PAGE if self.profile.raised else QUESTION_PAGE)

    def _flags_taken(self) -> Profile:
        answers = {key: bool(group.checkedId()) for key, group in self._flags.items()}
        return answered(self.profile, answers)

    def _answers_taken(self) -> Profile:
        profile = self.profile
        for key, field in self._fields.items():
            if field.text() != answer_of(profile, key):
                profile = with_answer(profile, key, field.text())
        return profile

    def _show(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self._problem.clear()
        self._advice.setText(advice(self.profile))
        last = page == ADVICE_PAGE
        self._cancel.setVisible(not last)
        self._next.setText(
            words.CLOSE if last else words.SAVE if page == QUESTION_PAGE else words.SETUP_NEXT
        )
        self._look_whether_all_are_answered()

    def _look_whether_all_are_answered(self) -> None:
        missing = any(group.checkedId() < 0 for group in self._flags.values())
        self._next.setEnabled(self.page != RED_FLAG_PAGE or not missing)

    def _red_flag_page(self) -> QWidget:
        column = QVBoxLayout()
        column.addWidget(_words(words.QUESTIONS_FIRST))
        for flag in RED_FLAGS:
            row = QHBoxLayout()
            row.addWidget(_words(flag.question), 1)
            group = QButtonGroup(self)
            for number, word in enumerate((words.NO, words.YES)):
                button = QRadioButton(word)
                button.setAccessibleName(f"{flag.question} {word}")
                group.addButton(button, number)
                row.addWidget(button)
            group.idToggled.connect(self._look_whether_all_are_answered)
            self._flags[flag.key] = group
            column.addLayout(row)
        return _scrolled(column)

    def _question_page(self) -> QWidget:
        column = QVBoxLayout()
        column.addWidget(_words(words.QUESTIONS_THEN))
        for field in self._fields.values():
            column.addWidget(field)
        return _scrolled(column)

    def _advice_page(self) -> QWidget:
        column = QVBoxLayout()
        column.addWidget(self._advice)
        column.addWidget(_words(words.QUESTIONS_ADVICE))
        return _scrolled(column)


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label


def _scrolled(column: QVBoxLayout) -> QScrollArea:
    column.addStretch()
    inside = QWidget()
    inside.setLayout(column)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
