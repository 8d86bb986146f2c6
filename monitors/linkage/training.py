"""Finding the weights without examples: u from random pairs, m by expectation and maximisation among likely ones."""

from __future__ import annotations

from splink import Linker, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator

from monitors.linkage.config import Config
from monitors.linkage.errors import LinkageError


def train(linker: Linker, config: Config) -> None:
    """Fill in what the configuration leaves open; nothing when it gives every probability and the prior."""
    training = config.training
    if training.prior is None and training.sure:
        _estimate_prior(linker, config)
    if _is_given(config):
        return
    linker.training.estimate_u_using_random_sampling(max_pairs=training.random_pairs, seed=training.seed)
    for columns in training.expect:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))


def _is_given(config: Config) -> bool:
    return all(None not in (level.m, level.u) for one in config.compare for level in one.levels) and all(
        None not in (one.else_m, one.else_u) for one in config.compare
    )


def _estimate_prior(linker: Linker, config: Config) -> None:
    rules: list[str | BlockingRuleCreator] = [block_on(*columns) for columns in config.training.sure]
    try:
        linker.training.estimate_probability_two_random_records_match(rules, recall=config.training.recall)
    except ValueError as fault:
        raise LinkageError(config.where, f"`training.recall` does not fit: {fault}") from fault
