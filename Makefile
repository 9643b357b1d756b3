# Everything runs in .venv, which tools/setup.sh makes and keeps up to date.
PYTHON = .venv/bin/python
SAMPLE = recordings/sample_sessions/usual_walk.zip

.PHONY: help demo test lint pytest style types bench soak quiet-soak timing validate pictures lock clean

help:
	@echo "make demo   set up, then open the demo; without a display, analyse a walk that ships"
	@echo "make test   set up, then check style and types and run the tests"
	@echo "make bench  measure speed, beside the fastest open pipeline"
	@echo "make soak   half an hour of radio trouble against a fake Bluetooth service"
	@echo "make quiet-soak  ten minutes, five sensors at 120 Hz: every loss counted, memory, processor"
	@echo "make timing  how far five sensors disagree on time, through the real Bluetooth library"
	@echo "make validate  measure the analysis on 1,000 virtual people; writes docs/validation.md"
	@echo "make pictures  draw the pictures of the documentation anew"
	@echo "make lint   style and types only"
	@echo "make lock   renew the pinned dependencies"
	@echo "make clean  remove what the other targets made"

demo: user
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(PYTHON) -m hipgait demo || $(PYTHON) -m hipgait analyze $(SAMPLE); \
	else \
		$(PYTHON) -m hipgait analyze $(SAMPLE); \
	fi

test: lint pytest

lint: style types

pytest: dev
	$(PYTHON) -m pytest

style: dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: dev
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(PYTHON) -m pyright --pythonpath $(PYTHON)

bench: dev
	$(PYTHON) -m benchmarks

soak: dev
	$(PYTHON) -m tests.soak --minutes 30

quiet-soak: dev
	$(PYTHON) -m tests.soak --minutes 10 --quiet-radio --loss 0.01

timing: dev
	$(PYTHON) -m tests.soak.timing

validate: dev
	$(PYTHON) -m validation

pictures: dev
	$(PYTHON) -m tools.pictures

# One set of versions for users and developers; markers cover Python 3.11-3.13 and all systems.
UV_COMPILE = .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-config --no-emit-index-url --custom-compile-command "make lock" --quiet --upgrade
lock: dev
	$(PYTHON) -m pip install --quiet --disable-pip-version-check uv
	$(UV_COMPILE) pyproject.toml --extra ui --group build -o requirements/user.lock
	$(UV_COMPILE) pyproject.toml --extra ui --group dev -c requirements/user.lock \
		-o requirements/dev.lock

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

.PHONY: user dev
user dev:
	@sh tools/setup.sh $@
