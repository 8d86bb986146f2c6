"""Letters to a unit: 监察建议书 and 整改通知书, drafted from confirmed findings, as text, Word and PDF."""
