# frozen_string_literal: true

# Reads a JSON list of Gemfiles from standard input and prints, for each, what Bundler takes it to
# declare: a list of gems, or the error as a string.
require "bundler"
require "json"
require "tmpdir"

Bundler.ui = Bundler::UI::Silent.new

def declared(text)
  dsl = Bundler::Dsl.new
  dsl.eval_gemfile("Gemfile", text)
  dsl.dependencies.map do |gem|
    {
      name: gem.name,
      requirement: gem.requirement.as_list.sort,
      source: gem.source && gem.source.class.name.split("::").last,
      remote: gem.source.is_a?(Bundler::Source::Rubygems) ? gem.source.remotes.join : gem.source&.to_s,
      rest: [gem.groups, gem.autorequire, gem.platforms, gem.should_include?].inspect
    }
  end
rescue Bundler::BundlerError => e
  e.message
end

# Bundler resolves sources against the folder of a Gemfile that exists.
Dir.mktmpdir do |dir|
  ENV["BUNDLE_GEMFILE"] = File.join(dir, "Gemfile")
  File.write(ENV["BUNDLE_GEMFILE"], "")
  Dir.chdir(dir) { puts JSON.generate(JSON.parse($stdin.read.force_encoding("UTF-8")).map { |text| declared(text) }) }
end
