# The whole interface: `make run` and `make test`; `make help` names the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test fast measure check format lock install install-dev help

run: install ## Install, prepare the model, build the index and serve the chat page
	@$(BIN)/waymark models
	@$(BIN)/waymark index || [ $$? -eq 3 ]
	@exec $(BIN)/waymark serve

test: install-dev check ## Run the checks and the whole suite, with the real models
	@$(BIN)/waymark models
	@$(BIN)/python -m pytest

fast: install-dev ## Run the tests that need no weights, no browser and no waiting
	@$(BIN)/python -m pytest -q -n auto -m "not model and not browser and not slow"

SHARED ?= ../shared
measure: install-dev ## Check against the fact sheet and data kept outside the project (SHARED=folder)
	@$(BIN)/python scripts/check_facts.py $(SHARED)/corpus/facts.md
	@$(BIN)/python scripts/measure_grounding.py dev
	@$(BIN)/python scripts/measure_rewriting.py $(SHARED)/data
	@$(BIN)/python scripts/measure_occupation_pages.py $(SHARED)/data/ooh_pages \
		$(SHARED)/corpus/ooh_facts.csv --take 20

check: install-dev ## Lint, check formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: install-dev ## Mend what the linter can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

install: ## Install what the service needs into .venv
	@$(PYTHON) scripts/install.py

install-dev: ## Install what the tests need as well
	@$(PYTHON) scripts/install.py --dev

# torch and what only its CUDA build needs are left to pip, see requirements/README.md
ELSEWHERE := torch llama-cpp-python triton cuda-bindings cuda-pathfinder cuda-toolkit \
	nvidia-cublas nvidia-cuda-cupti nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 \
	nvidia-cufft nvidia-cufile nvidia-curand nvidia-cusolver nvidia-cusparse \
	nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --quiet $(addprefix --no-emit-package ,$(ELSEWHERE))

lock: install-dev ## Resolve the dependencies anew and write the lock files
	@$(BIN)/pip install --quiet uv==0.13.9
	@$(LOCK) -o requirements/app.lock
	@$(LOCK) --extra dev -o requirements/dev.lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
