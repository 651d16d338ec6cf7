//! Modules of the program itself.

use super::*;

#[test]
fn a_script_with_a_module_beside_it() {
    let found = needs(
        "python train/main.py",
        &[
            (
                "train/main.py",
                "import os\nimport numpy as np\nfrom utils import load\n",
            ),
            ("train/utils.py", "import yaml\ndef load():\n    import pandas\n"),
            ("train/unused.py", "import nothing_of_this\n"),
            ("utils.py", "import wrong\n"),
        ],
    );
    assert_eq!(found.main.as_deref(), Some("train/main.py"));
    assert_eq!(local(&found), ["train/utils.py <train/main.py:3"]);
    assert_eq!(packages(&found), ["numpy", "pandas", "PyYAML"]);
    assert_eq!(found.problems, []);
    let yaml = &found.requirements[2];
    assert_eq!((yaml.module.as_str(), yaml.guessed), ("yaml", false));
    assert_eq!(
        yaml.at.as_ref().map(|at| (at.path.as_str(), at.line)),
        Some(("train/utils.py", 1))
    );
}

#[test]
fn a_package_is_followed_as_far_as_it_is_imported() {
    let found = needs(
        "python main.py",
        &[
            ("main.py", "from app.models import net\nimport app.data.load\n"),
            ("app/__init__.py", "import attr\n"),
            (
                "app/models/__init__.py",
                "from .base import Base\nfrom ..config import *\n",
            ),
            ("app/models/base.py", "import torch\n"),
            ("app/models/net.py", "from . import layers, Base\n"),
            ("app/models/layers.py", "import einops\n"),
            ("app/models/old.py", "import theano\n"),
            ("app/config.py", "from omegaconf import OmegaConf\n"),
            // No `__init__.py` in this one.
            ("app/data/load.py", "from ...app import config\nfrom . import clean\n"),
            ("app/data/clean.py", "import regex\n"),
        ],
    );
    assert_eq!(local(&found), ["app <main.py:1"]);
    assert_eq!(packages(&found), ["attrs", "einops", "omegaconf", "regex", "torch"]);
    assert_eq!(
        problems(&found),
        ["app/data/load.py, line 1: the relative import of ...app leads out of the package"]
    );
}

#[test]
fn a_folder_without_init_gives_way_to_a_package_of_its_name() {
    let found = needs(
        "python main.py",
        &[
            (
                "main.py",
                "from datasets import load_dataset\nimport wandb\nfrom src import model\nimport src.deep.util\nimport lib.gone",
            ),
            ("datasets/make.py", ""),
            ("wandb/run/code.py", ""),
            ("src/model.py", "from .deep import util, gone\n"),
            ("src/deep/util.py", "import tqdm\n"),
            ("lib/__init__.py", ""),
        ],
    );
    assert_eq!(local(&found), ["lib <main.py:5", "src <main.py:3"]);
    assert_eq!(packages(&found), ["datasets", "tqdm", "wandb"]);
    assert_eq!(
        problems(&found),
        [
            "main.py, line 5: lib.gone is not among the files",
            "src/model.py, line 1: .deep.gone is not among the files"
        ]
    );
}

#[test]
fn relative_imports_need_a_package() {
    let found = needs(
        "python main.py",
        &[
            ("main.py", "from . import a\nfrom .b import c\nimport a\n"),
            ("a.py", "from . import b\n"),
            ("b.py", ""),
        ],
    );
    assert_eq!(local(&found), ["a.py <main.py:3"]);
    assert_eq!(found.problems.len(), 3);
    let found = needs(
        "python -m p.main",
        &[("p/main.py", "from .x import y\n"), ("p/__init__.py", "")],
    );
    assert_eq!(problems(&found), ["p/main.py, line 1: .x is not among the files"]);
}

#[test]
fn the_scripts_own_folder_goes_before_the_library() {
    let files = [
        ("src/main.py", "import random, sys, calendar\n"),
        ("src/random.py", ""),
        ("src/sys.py", ""),
        ("calendar.py", ""),
    ];
    assert_eq!(
        local(&needs("python src/main.py", &files)),
        ["src/random.py <src/main.py:1"]
    );
}
